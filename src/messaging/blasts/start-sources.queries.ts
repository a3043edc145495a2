import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { Queryable } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import { filterSql, SegmentsQueries } from '../../segments/segments.queries.js';
import { inScope } from '../../staff/staff.queries.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import type { Blast, MessagePurpose, Wording } from '../messaging.types.js';
import { RetryQueries } from '../retry/retry.queries.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { readBody, unknownVariables } from '../wording/wording.js';

export interface CareMessages {
  /** The standing campaign. */
  ruleCode: string;
  /** Where one campaign sends several things a day: which of them. */
  part?: string;
  day: Day;
  templateCode: string;
  purpose: MessagePurpose;
  /** A select of `customer_id, line_id, number`. */
  recipients: Sql;
}

interface StandingCampaign {
  id: string;
  name: string;
  orgUnitId: string;
}

interface AudienceRow {
  segmentId: string | null;
  filter: Record<string, unknown> | null;
  path: string;
  retryOf: string | null;
}

/** What a start needs from elsewhere. */
@Injectable()
export class StartSources {
  constructor(
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly gateways: GatewaysQueries,
    private readonly clock: Clock,
    private readonly retries: RetryQueries,
  ) {}

  /** The approved wording, its variables known and its gateway ready. */
  async wordingFor(on: Queryable, blast: Pick<Blast, 'templateCode' | 'gateway' | 'segmentId' | 'segmentCode'>): Promise<Wording> {
    const wording = await this.templates.inUse({ code: blast.templateCode }, on);
    await this.gateways.ready(blast.gateway, on);
    await this.knownVariables({ body: wording.body, ...blast });
    return wording;
  }

  /** @throws DomainError template_variable_unknown naming the first that is neither declared nor a column of the segment */
  async knownVariables({ body, segmentId, segmentCode }: { body: string; segmentId: string | null; segmentCode?: string | null }): Promise<void> {
    const columns = segmentId ? await this.segments.columnsOf(segmentId) : [];
    const read = readBody(body);
    const [unknown] = 'variables' in read ? unknownVariables(read.variables, columns) : [];
    if (unknown !== undefined)
      throw new DomainError('template_variable_unknown', { param: 'template', params: { variable: unknown, segment: segmentCode ?? '—' } });
  }

  /**
   * A segment, a filter, or those of the segment whom the filter matches; customers of the blast's own unit and below only. Of another round those of the
   * first who failed.
   */
  async audienceOf(on: Queryable, blastId: string): Promise<Sql> {
    const { segmentId, filter, path, retryOf } = await on.one<AudienceRow>(sql`
      select b.segment_id as "segmentId", b.filter, b.retry_of as "retryOf", o.path from messaging.blast b join staff.v_org_unit o on o.id = b.org_unit_id where b.id = ${blastId}`);
    if (retryOf) return this.retries.candidates(on, retryOf, blastId);
    const at = { orgPath: path, today: dayOf(this.clock.now()) };
    const members = segmentId ? await this.segments.membersSql(segmentId, at, on) : filterSql(filter ?? {}, at);
    const both = segmentId && filter ? sql`and m.customer_id in (select customer_id from (${filterSql(filter, at)}) f)` : emptySql;
    return sql`
      select m.customer_id, m.line_id, m.number from (${members}) m
      join customers.v_customer c on c.id = m.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
      where ${inScope({ orgPath: path }, sql`o.path`)} ${both}`;
  }

  async stepWording(on: Queryable, template: string): Promise<Wording & { gateway: string }> {
    const wording = await this.templates.inUse({ code: template }, on);
    return { ...wording, gateway: (await this.gateways.preferred(on)).code };
  }

  async ofCare(on: Queryable, care: CareMessages): Promise<{ wording: Wording; campaign: StandingCampaign; gateway: string }> {
    const wording = await this.templates.inUse({ code: care.templateCode }, on);
    const campaign = await on.maybe<StandingCampaign>(sql`
      select id, name, org_unit_id as "orgUnitId" from campaigns.v_campaign where code = ${care.ruleCode} and standing`);
    if (!campaign) throw notFound('campaign', care.ruleCode);
    return { wording, campaign, gateway: (await this.gateways.preferred(on)).code };
  }
}
