import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { COLUMNS_SEGMENT } from '../../campaigns/campaigns.queries.js';
import type { SmsStep } from '../../campaigns/campaigns.types.js';
import { BlastStartCommands } from '../blasts/blast-start.commands.js';
import { SendBatch } from '../messaging.jobs.js';
import { letterOf } from './step.queries.js';

interface SteppingCampaign {
  id: string;
  code: string;
  name: string;
  state: string;
  orgUnitId: string;
  segmentId: string | null;
  smsStep: SmsStep;
}

const PAUSED = rawSql(`state = 'paused', paused_with_campaign = true`);

/**
 * Sends the SMS step of a campaign (CAM-1): each text by a blast of the campaign's own, so that gate, pacing, receipts and opt-outs are those of every
 * blast. A customer is drawn for one text and stands in its blast once.
 */
@Injectable()
export class CampaignSteps {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly starting: BlastStartCommands,
  ) {}

  /** Before the first dial: to everybody on the list, at the launch. A second run adds nobody. @returns how many were planned */
  beforeCalls(campaignId: string): Promise<number> {
    return this.db.tx(async (tx) => {
      const campaign = await this.stepping(tx, campaignId);
      if (campaign?.smsStep.when !== 'before') return 0;
      const listed = sql`
        select a.customer_id, a.line_id, l.number from campaigns.v_audience a join customers.v_line l on l.id = a.line_id
        where a.campaign_id = ${campaign.id} and a.excluded is null`;
      return this.send(tx, campaign, listed);
    });
  }

  /** After a call with one of the outcomes: noted, to be sent when its time has come. The first such call of a customer counts. */
  async afterCall(taskId: string | null, at: Date): Promise<void> {
    if (taskId === null) return;
    await this.db.run(sql`
      insert into messaging.step_due (campaign_id, customer_id, line_id, due_at)
      select t.campaign_id, t.customer_id, t.line_id, ${at}::timestamptz + make_interval(hours => (c.sms_step ->> 'hours')::int)
      from calls.v_task t join campaigns.v_campaign c on c.id = t.campaign_id
      where t.id = ${taskId} and c.sms_step ->> 'when' = 'after' and c.sms_step -> 'outcomes' ? t.last_outcome
      on conflict do nothing`);
  }

  /** Sends what is due. Whose last call went otherwise meanwhile, by another call or by a correction, gets nothing. @returns how many were planned */
  async sendDue(): Promise<number> {
    const now = this.clock.now();
    const campaigns = await this.db.rows<{ id: string }>(sql`
      select distinct d.campaign_id as id from messaging.step_due d join campaigns.v_campaign c on c.id = d.campaign_id
      where d.taken_at is null and d.due_at <= ${now} and c.state = 'running' order by 1`);
    let planned = 0;
    for (const { id } of campaigns) planned += await this.db.tx((tx) => this.sendDueOf(tx, id, now));
    return planned;
  }

  /** The texts of a campaign that stands still wait with its calls, and go on with them unless they stood still before; a closed one sends no more. */
  async follow(campaignId: string, to: 'paused' | 'running' | 'closed'): Promise<void> {
    const now = this.clock.now();
    await this.db.tx(async (tx) => {
      // what is being planned for this campaign right now comes first, or it would be missed
      await this.lock(tx, campaignId);
      const mine = sql`b.campaign_id = ${campaignId} and b.variant is not null`;
      if (to === 'paused') await tx.run(sql`update messaging.blast b set ${PAUSED} where ${mine} and b.state = 'running'`);
      if (to === 'running') {
        const on = await tx.rows<{ id: string }>(sql`
          update messaging.blast b set state = 'running', paused_with_campaign = false, next_at = ${now}
          where ${mine} and b.state = 'paused' and b.paused_with_campaign returning b.id`);
        for (const { id } of on) await this.outbox.add(tx, SendBatch, { blastId: id });
      }
      if (to === 'closed') await this.callOff(tx, campaignId, now, mine);
    });
  }

  private async callOff(tx: Tx, campaignId: string, now: Date, mine: Sql): Promise<void> {
    await tx.run(sql`delete from messaging.step_due where campaign_id = ${campaignId} and taken_at is null`);
    // before the people: a batch that is being cut, or given back, ends first
    await tx.run(sql`select from messaging.blast b where ${mine} for update`);
    await tx.run(sql`
      update messaging.recipient r set state = 'cancelled', reason = 'cancelled', updated_at = ${now}
      from messaging.blast b where b.id = r.blast_id and ${mine} and r.state = 'planned'`);
    await tx.run(sql`update messaging.blast b set state = 'cancelled', finished_at = ${now} where ${mine} and b.state in ('running', 'paused')`);
  }

  private async sendDueOf(tx: Tx, campaignId: string, now: Date): Promise<number> {
    const campaign = await this.stepping(tx, campaignId);
    if (campaign?.state !== 'running') return 0;
    await tx.run(sql`
      delete from messaging.step_due d where d.campaign_id = ${campaign.id} and d.taken_at is null and d.due_at <= ${now}
        and not exists (select from calls.v_task t where t.campaign_id = d.campaign_id and t.customer_id = d.customer_id
                        and t.last_outcome = any(${campaign.smsStep.outcomes}::text[]))`);
    // taken first, then read: whoever is noted meanwhile is not marked as one of them
    await tx.run(sql`update messaging.step_due set taken_at = ${now} where campaign_id = ${campaign.id} and taken_at is null and due_at <= ${now}`);
    const taken = sql`
      select d.customer_id, d.line_id, l.number from messaging.step_due d join customers.v_line l on l.id = d.line_id
      where d.campaign_id = ${campaign.id} and d.taken_at = ${now}`;
    return this.send(tx, campaign, taken);
  }

  private async send(tx: Tx, campaign: SteppingCampaign, people: Sql): Promise<number> {
    let planned = 0;
    for (const [place, { code: template }] of campaign.smsStep.templates.entries()) {
      const variant = letterOf(place);
      const recipients = sql`
        select p.customer_id, p.line_id, p.number from (${people}) p
        where campaigns.sms_variant_of(${campaign.smsStep}::jsonb, ${campaign.id}::bigint, p.customer_id) = ${variant}`;
      planned += await this.starting.planForStep(tx, { campaign, variant, template, recipients });
    }
    if (campaign.state === 'paused')
      await tx.run(sql`update messaging.blast set ${PAUSED} where campaign_id = ${campaign.id} and variant is not null and state = 'running'`);
    return planned;
  }

  private lock(tx: Tx, campaignId: string): Promise<unknown> {
    return tx.run(sql`select pg_advisory_xact_lock(hashtext('messaging.step'), (${campaignId}::bigint % 2147483647)::int)`);
  }

  /** Locked by its own lock: two runs at once wait for each other. Nothing of a campaign that was closed meanwhile, or has no step. */
  private async stepping(tx: Tx, campaignId: string): Promise<SteppingCampaign | undefined> {
    await this.lock(tx, campaignId);
    return tx.maybe<SteppingCampaign>(sql`
      select id, code, name, state, org_unit_id as "orgUnitId", sms_step as "smsStep", ${COLUMNS_SEGMENT} as "segmentId"
      from campaigns.v_campaign c where id = ${campaignId} and sms_step is not null and state in ('running', 'paused')`);
  }
}
