import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { atTime } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { addRecipients, takeUpRecipients } from './blast-audience.js';
import { GuardCommands } from '../guard/guard.commands.js';
import { SendBatch } from '../messaging.jobs.js';
import { type Blast, CARE_HOURS, type Wording } from '../messaging.types.js';
import { type CareMessages, StartSources } from './start-sources.queries.js';
import { optOutOf } from '../wording/wording-rules.queries.js';

export interface StepMessages {
  campaign: { id: string; code: string; name: string; orgUnitId: string; segmentId: string | null };
  /** A, B, C. */
  variant: string;
  template: string;
  /** A select of `customer_id, line_id, number`. */
  recipients: Sql;
}

@Injectable()
export class BlastStartCommands {
  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly sources: StartSources,
    private readonly guard: GuardCommands,
  ) {}

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
    const from = atTime(care.day, CARE_HOURS.from);
    await tx.run(sql`
      insert into messaging.blast (code, name, template_id, campaign_id, gateway_code, planned_by_care, not_before, not_after, org_unit_id, created_at)
      values (${code}, ${`${campaign.name} ${care.day}`}, ${wording.templateId}, ${campaign.id}, ${gateway}, true, ${from}, ${atTime(care.day, CARE_HOURS.until)}, ${campaign.orgUnitId}, ${now})
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
   * Past the last day of the campaign nothing is sent, after it was called off neither; while it stands still, by hand or by a limit, people are added.
   * @returns how many recipients were new @throws DomainError template_not_approved, not_found
   */
  async planForStep(tx: Tx, step: StepMessages): Promise<number> {
    const { campaign, variant } = step;
    const wording = await this.sources.stepWording(tx, step.template);
    const now = this.clock.now();
    await tx.run(sql`
      insert into messaging.blast (code, name, template_id, campaign_id, variant, segment_id, gateway_code, not_after, org_unit_id, created_at)
      select ${`${campaign.code}.sms-${variant}`}, ${`${campaign.name} ${variant}`}, ${wording.templateId}, ${campaign.id}, ${variant}, ${campaign.segmentId}, ${wording.gateway},
             (c.ends_on + ${CARE_HOURS.until}::time) at time zone 'Asia/Shanghai', ${campaign.orgUnitId}, ${now}
      from campaigns.v_campaign c where c.id = ${campaign.id} on conflict (campaign_id, variant) where variant is not null do nothing`);
    const { id, state } = await tx.one<{ id: string; state: string }>(
      sql`select id, state from messaging.blast where campaign_id = ${campaign.id} and variant = ${variant} for no key update`,
    );
    if (state === 'cancelled') return 0;
    const added = await addRecipients(tx, id, step.recipients, now);
    if (added > 0 && state !== 'paused') await this.setGoing(tx, { id, notBefore: null }, wording);
    return added;
  }

  /** After a pause. Had a limit stopped it, a person has looked: from now on only what is new counts. */
  async goOn(tx: Tx, blast: Blast): Promise<void> {
    const base = blast.pausedBy ? JSON.stringify(await this.guard.counts(tx, blast.id)) : null;
    await tx.run(sql`
      update messaging.blast set next_at = ${this.clock.now()}, paused_by = null, paused_with_campaign = false, guard_base = coalesce(${base}::jsonb, guard_base) where id = ${blast.id}`);
    await this.outbox.add(tx, SendBatch, { blastId: blast.id });
  }

  /** Freezes the wording, unless it is, and leaves the first batch to be sent. */
  async setGoing(tx: Tx, blast: { id: string; notBefore: Date | null }, wording: Wording): Promise<void> {
    const now = this.clock.now();
    const runAt = blast.notBefore && blast.notBefore > now ? blast.notBefore : now;
    await tx.run(sql`
      update messaging.blast set state = 'running', started_at = coalesce(started_at, ${now}), finished_at = null, next_at = ${runAt},
             template_version = coalesce(template_version, ${wording.version}), body = coalesce(body, ${wording.body}),
             signature = coalesce(signature, ${wording.signature}), opt_out = coalesce(opt_out, ${optOutOf(sql`coalesce(blast.purpose, ${wording.purpose})`)}), purpose = coalesce(purpose, ${wording.purpose})
      where id = ${blast.id}`);
    await this.outbox.add(tx, SendBatch, { blastId: blast.id }, { runAt });
  }
}
