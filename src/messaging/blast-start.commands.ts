import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { atTime, type Day, dayOf } from '../kernel/day.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { emptySql, type Sql, sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { filterSql, SegmentsQueries } from '../segments/segments.queries.js';
import { Audit } from '../staff/audit.commands.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { addRecipients, holdOut, takeUpRecipients } from './blast-audience.js';
import { BlastsQueries } from './blasts.queries.js';
import { GuardCommands } from './guard/guard.commands.js';
import { GatewaysQueries } from './gateways.queries.js';
import { SendBatch } from './messaging.jobs.js';
import type { Blast, MessagePurpose, Wording } from './messaging.types.js';
import { TemplatesQueries } from './templates.queries.js';
import { readBody, unknownVariables } from './wording.js';

/** Care messages go out by day and never late in the evening. */
const CARE_FROM = '09:00';
const CARE_UNTIL = '20:30';

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

export interface StepMessages {
  campaign: { id: string; code: string; name: string; orgUnitId: string; segmentId: string | null };
  /** A, B, C. */
  variant: string;
  template: string;
  /** A select of `customer_id, line_id, number`. */
  recipients: Sql;
}

interface StandingCampaign {
  id: string;
  name: string;
  orgUnitId: string;
}

/** What a start needs from elsewhere. */
@Injectable()
export class StartSources {
  constructor(
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly gateways: GatewaysQueries,
    private readonly clock: Clock,
  ) {}

  /** The approved wording, its variables known and its gateway ready. */
  async wordingFor(tx: Tx, blast: Blast): Promise<Wording> {
    const wording = await this.templates.inUse({ code: blast.templateCode }, tx);
    await this.gateways.ready(blast.gateway, tx);
    const columns = blast.segmentId ? await this.segments.columnsOf(blast.segmentId) : [];
    const read = readBody(wording.body);
    const [unknown] = 'variables' in read ? unknownVariables(read.variables, columns) : [];
    if (unknown !== undefined) {
      throw new DomainError('template_variable_unknown', { param: 'template', params: { variable: unknown, segment: blast.segmentCode ?? '—' } });
    }
    return wording;
  }

  /** A segment, a filter, or those of the segment whom the filter matches; customers of the blast's own unit and below only. */
  async audienceOf(tx: Tx, blastId: string): Promise<Sql> {
    const { segmentId, filter, path } = await tx.one<{ segmentId: string | null; filter: Record<string, unknown> | null; path: string }>(sql`
      select b.segment_id as "segmentId", b.filter, o.path from messaging.blast b join staff.v_org_unit o on o.id = b.org_unit_id where b.id = ${blastId}`);
    const at = { orgPath: path, today: dayOf(this.clock.now()) };
    const members = segmentId ? await this.segments.membersSql(segmentId, at, tx) : filterSql(filter ?? {}, at);
    const both = segmentId && filter ? sql`and m.customer_id in (select customer_id from (${filterSql(filter, at)}) f)` : emptySql;
    return sql`
      select m.customer_id, m.line_id, m.number from (${members}) m
      join customers.v_customer c on c.id = m.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
      where ${inScope({ orgPath: path }, sql`o.path`)} ${both}`;
  }

  async stepWording(tx: Tx, template: string): Promise<Wording & { gateway: string }> {
    const wording = await this.templates.inUse({ code: template }, tx);
    return { ...wording, gateway: (await this.gateways.preferred(tx)).code };
  }

  async ofCare(tx: Tx, care: CareMessages): Promise<{ wording: Wording; campaign: StandingCampaign; gateway: string }> {
    const wording = await this.templates.inUse({ code: care.templateCode }, tx);
    const campaign = await tx.maybe<StandingCampaign>(sql`
      select id, name, org_unit_id as "orgUnitId" from campaigns.v_campaign where code = ${care.ruleCode} and standing`);
    if (!campaign) throw notFound('campaign', care.ruleCode);
    return { wording, campaign, gateway: (await this.gateways.preferred(tx)).code };
  }
}

@Injectable()
export class BlastStartCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly blasts: BlastsQueries,
    private readonly sources: StartSources,
    private readonly guard: GuardCommands,
  ) {}

  /**
   * Freezes wording and audience, and sets the blast going. The gate is asked at each hand-over, not here.
   * @throws DomainError blast_state, template_not_approved, template_variable_unknown, gateway_inactive, audience_empty
   */
  async start(user: CurrentUser, code: string): Promise<Blast> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      if (blast.state === 'running') return blast;
      if (blast.state !== 'draft') throw new DomainError('blast_state', { status: 409, params: { state: blast.state, to: 'running' } });
      const wording = await this.sources.wordingFor(tx, blast);
      const now = this.clock.now();
      const found = await addRecipients(tx, blast.id, await this.sources.audienceOf(tx, blast.id), now);
      const planned = found - (await holdOut(tx, blast.id, blast.holdoutPercent, now));
      if (planned === 0) throw new DomainError('audience_empty', { param: 'segment' });
      await this.setGoing(tx, blast, wording);
      await this.audit.record(tx, user, { action: 'blast.started', object: 'blast', id: code, detail: { planned, version: wording.version } });
      return this.blasts.byCode(user, code, tx);
    });
  }

  /**
   * What a care rule sends on a day: its own blast, filled by each plan run, sent on that day between 09:00 and 20:30.
   * Whoever was taken back from it before gets it after all.
   * @returns how many recipients were new, or are wanted again
   * @throws DomainError template_not_approved, not_found (the rule's standing campaign or template)
   */
  async planForCare(tx: Tx, care: CareMessages): Promise<number> {
    const { wording, campaign, gateway } = await this.sources.ofCare(tx, care);
    const code = [care.ruleCode, care.part, care.day].filter(Boolean).join('-');
    const now = this.clock.now();
    const from = atTime(care.day, CARE_FROM);
    await tx.run(sql`
      insert into messaging.blast (code, name, template_id, campaign_id, gateway_code, planned_by_care, not_before, not_after, org_unit_id, created_at)
      values (${code}, ${`${campaign.name} ${care.day}`}, ${wording.templateId}, ${campaign.id}, ${gateway}, true, ${from}, ${atTime(care.day, CARE_UNTIL)}, ${campaign.orgUnitId}, ${now})
      on conflict (code) do nothing`);
    const { id, state } = await tx.one<{ id: string; state: string }>(
      sql`select id, state from messaging.blast where code = ${code} for no key update`,
    );
    if (state === 'cancelled') return 0;
    const again = await takeUpRecipients(tx, id, care.recipients, now);
    const added = again + (await addRecipients(tx, id, care.recipients, now));
    if (added > 0 && state !== 'paused') await this.setGoing(tx, { id, notBefore: from }, { ...wording, purpose: care.purpose });
    return added;
  }

  /**
   * One text of the SMS step of a campaign: its own blast, to which each call adds who is not in it yet. Wording and gateway are those of its first start.
   * Past the last day of the campaign nothing is sent.
   * @returns how many recipients were new @throws DomainError template_not_approved, not_found
   */
  async planForStep(tx: Tx, step: StepMessages): Promise<number> {
    const { campaign, variant } = step;
    const wording = await this.sources.stepWording(tx, step.template);
    const now = this.clock.now();
    await tx.run(sql`
      insert into messaging.blast (code, name, template_id, campaign_id, variant, segment_id, gateway_code, not_after, org_unit_id, created_at)
      select ${`${campaign.code}.sms-${variant}`}, ${`${campaign.name} ${variant}`}, ${wording.templateId}, ${campaign.id}, ${variant}, ${campaign.segmentId}, ${wording.gateway},
             (c.ends_on + ${CARE_UNTIL}::time) at time zone 'Asia/Shanghai', ${campaign.orgUnitId}, ${now}
      from campaigns.v_campaign c where c.id = ${campaign.id} on conflict (campaign_id, variant) where variant is not null do nothing`);
    const { id } = await tx.one<{ id: string }>(
      sql`select id from messaging.blast where campaign_id = ${campaign.id} and variant = ${variant} for no key update`,
    );
    const added = await addRecipients(tx, id, step.recipients, now);
    if (added > 0) await this.setGoing(tx, { id, notBefore: null }, wording);
    return added;
  }

  /** After a pause. Had a limit stopped it, a person has looked: from now on only what is new counts. */
  async goOn(tx: Tx, blast: Blast): Promise<void> {
    const base = blast.pausedBy ? JSON.stringify(await this.guard.counts(tx, blast.id)) : null;
    await tx.run(sql`
      update messaging.blast set next_at = ${this.clock.now()}, paused_by = null, guard_base = coalesce(${base}::jsonb, guard_base) where id = ${blast.id}`);
    await this.outbox.add(tx, SendBatch, { blastId: blast.id });
  }

  private async setGoing(tx: Tx, blast: { id: string; notBefore: Date | null }, wording: Wording): Promise<void> {
    const now = this.clock.now();
    const runAt = blast.notBefore && blast.notBefore > now ? blast.notBefore : now;
    await tx.run(sql`
      update messaging.blast set state = 'running', started_at = coalesce(started_at, ${now}), finished_at = null, next_at = ${runAt},
             template_version = coalesce(template_version, ${wording.version}), body = coalesce(body, ${wording.body}),
             signature = coalesce(signature, ${wording.signature}), purpose = coalesce(purpose, ${wording.purpose})
      where id = ${blast.id}`);
    await this.outbox.add(tx, SendBatch, { blastId: blast.id }, { runAt });
  }
}
