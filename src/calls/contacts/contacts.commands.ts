import { Injectable } from '@nestjs/common';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { DAILY_CARE } from '../../campaigns/campaigns.types.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { Verdict } from '../../contact/contact.types.js';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AdHocBook, type Deed } from './ad-hoc-book.commands.js';
import { checkCallback, startOf } from '../attempts/attempts.commands.js';
import type { ContactForm } from '../attempts/attempts.forms.js';
import { AttemptsQueries } from '../attempts/attempts.queries.js';
import type { AttemptItem } from '../calls.types.js';
import { refusedByGate } from '../claims/gate-refusal.policy.js';
import { beganAt, checkOffered } from '../outcomes/outcomes.policy.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';

interface Way {
  /** When the form was shown that records it: a second press of the same form is the same contact (R34). */
  shownAt?: Date;
  /** A sale without the evidence its product demands is refused (CAM-9). */
  strict?: boolean;
}

/** A contact that stood on no list: dialled ad hoc, an inbound call, a WeCom chat, a visit. It passes the gate and belongs to the standing campaign `daily-care` (CAM-5). */
@Injectable()
export class ContactsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outcomes: OutcomesQueries,
    private readonly campaigns: CampaignsQueries,
    private readonly contact: ContactCommands,
    private readonly book: AdHocBook,
    private readonly queries: AttemptsQueries,
  ) {}

  /**
   * @throws DomainError not_found · `outcome_unknown`, `outcome_retired`, `callback_…` (422) · the gate's reason (409)
   */
  async record(user: CurrentUser, customerId: string, form: ContactForm, { shownAt, strict = false }: Way = {}): Promise<AttemptItem> {
    const now = this.clock.now();
    const outcome = await this.outcomes.byCode(form.outcome);
    const target = await this.target(user, customerId);
    const campaign = await this.campaigns.standing(DAILY_CARE);
    const deed: Deed = { user, target, campaign, outcome, form, now, startedAt: startOf(form, now), strict };
    await this.book.ready(deed.startedAt);
    const result = await this.db.tx(async (tx): Promise<string | Verdict> => {
      const made = shownAt && (await this.madeSince(tx, deed, shownAt));
      if (made) return made;
      await this.check(tx, deed, shownAt);
      const verdict = await this.ask(tx, deed);
      return verdict.allowed ? this.book.enter(tx, deed, verdict.touchId) : verdict;
    });
    if (typeof result !== 'string') throw refusedByGate(result, now);
    return this.queries.byId(result);
  }

  private async check(tx: Tx, { outcome, form, startedAt, now }: Deed, shownAt: Date | undefined): Promise<void> {
    const began = beganAt(startedAt, shownAt);
    checkOffered(outcome, began);
    await this.outcomes.checkReason(form.reason, began, tx);
    checkCallback(outcome, form.callbackAt ?? null, now);
  }

  private async madeSince(tx: Tx, { user, target, campaign, form }: Deed, shownAt: Date): Promise<string | undefined> {
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('calls.contact'), (${target.customerId}::bigint % 2147483647)::int)`);
    const made = await tx.maybe<{ id: string }>(sql`
      select id from calls.attempt
      where customer_id = ${target.customerId} and campaign_id = ${campaign.id} and manager_id = ${user.id} and channel = ${form.channel}
        and outcome = ${form.outcome} and created_at >= ${shownAt} order by created_at limit 1`);
    return made?.id;
  }

  /** A manager's own customer, a supervisor's within the scope; the line the customer is reached on. */
  private async target(user: CurrentUser, customerId: string): Promise<Deed['target']> {
    if (!/^\d{1,18}$/.test(customerId)) throw notFound('customer', customerId);
    const mine = user.role === 'manager' ? sql`c.manager_id = ${user.id}` : inScope(user, sql`o.path`);
    const target = await this.db.maybe<Deed['target']>(sql`
      select c.id as "customerId", l.line_id as "lineId", l.number, l.health as "lineHealth", c.manager_id as "managerId", c.star_level as star
      from customers.v_customer c
      join customers.v_contact_line l on l.customer_id = c.id
      join staff.v_org_unit o on o.id = c.org_unit_id
      where c.id = ${customerId} and ${mine}`);
    if (!target) throw notFound('customer', customerId);
    return target;
  }

  private ask(tx: Tx, { user, target, campaign, form, now }: Deed): Promise<Verdict> {
    return this.contact.reserve(tx, {
      customerId: target.customerId,
      number: target.number,
      channel: form.channel,
      // who calls us has asked for it
      purpose: form.channel === 'inbound' ? 'service' : 'care',
      campaignId: campaign.id,
      callWindow: campaign.callWindow,
      source: 'daily-care',
      actorId: user.id,
      at: now,
    });
  }
}
