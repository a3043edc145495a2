import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import type { Queryable, Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import { inScope } from '../../staff/staff.queries.js';
import { writtenToSql } from '../blasts/blast-audience.js';
import { BlastContentQueries } from '../blasts/blast-content.queries.js';
import type { Wording } from '../messaging.types.js';
import { StartSources } from '../blasts/start-sources.queries.js';
import { ruleColumns } from '../wording/wording-rules.queries.js';
import type { FiguresAsk } from './audience-figures.queries.js';
import type { CheckedWording } from './check.types.js';

/** A blast, or the newest wording of a template on a segment. */
export interface CheckSubject {
  blastId: string | null;
  templateId: string | null;
  segmentId: string | null;
}

interface BlastFacts {
  templateCode: string;
  gateway: string;
  segmentId: string | null;
  segmentCode: string | null;
  holdoutPercent: number;
  notBefore: Date | null;
}

/** What is looked at: the wording, and everybody it would go to. */
@Injectable()
export class CheckSources {
  constructor(
    private readonly starts: StartSources,
    private readonly content: BlastContentQueries,
    private readonly segments: SegmentsQueries,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError template_not_approved, template_variable_unknown, gateway_inactive */
  async of(on: Queryable, { blastId, templateId, segmentId }: CheckSubject): Promise<{ wording: CheckedWording; content: string }> {
    if (blastId !== null) {
      const wording = await this.starts.wordingFor(on, await this.blast(on, blastId));
      return { wording, content: `${await this.content.of(blastId, on)} ${wording.forbidden.join(' ')}` };
    }
    const { version, ...wording } = await on.one<Wording>(sql`
      select v.version, t.purpose, v.signature, v.body, ${ruleColumns(sql`t.purpose`)} from messaging.template t
      join lateral (select * from messaging.template_version n where n.template_id = t.id order by version desc limit 1) v on true where t.id = ${templateId}`);
    await this.starts.knownVariables({ body: wording.body, segmentId });
    return { wording, content: `${version} ${await this.segments.contentOf(segmentId ?? '', on)} ${wording.forbidden.join(' ')}` };
  }

  /** @param scope whose customers are looked at, of a template's segment */
  async audience(tx: Tx, { blastId, segmentId }: CheckSubject, scope: string): Promise<Pick<FiguresAsk, 'people' | 'segmentId' | 'at'>> {
    const now = this.clock.now();
    if (blastId !== null) {
      const blast = await this.blast(tx, blastId);
      const people = writtenToSql(await this.starts.audienceOf(tx, blastId), { id: blastId, holdoutPercent: blast.holdoutPercent });
      return { people, segmentId: blast.segmentId, at: blast.notBefore ?? now };
    }
    const members = await this.segments.membersSql(segmentId ?? '', { orgPath: scope, today: dayOf(now) }, tx);
    const own = sql`
      select m.customer_id, m.line_id, m.number from (${members}) m join customers.v_customer c on c.id = m.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id where ${inScope({ orgPath: scope }, sql`o.path`)}`;
    return { people: writtenToSql(own, { id: '', holdoutPercent: 0 }), segmentId, at: now };
  }

  private blast(on: Queryable, blastId: string): Promise<BlastFacts> {
    return on.one<BlastFacts>(sql`
      select t.code as "templateCode", b.gateway_code as gateway, b.segment_id as "segmentId", s.code as "segmentCode",
             b.holdout_percent::float8 as "holdoutPercent", b.not_before as "notBefore"
      from messaging.blast b join messaging.template t on t.id = b.template_id left join segments.v_segment s on s.id = b.segment_id where b.id = ${blastId}`);
  }
}
