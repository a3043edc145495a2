import { Injectable } from '@nestjs/common';
import type { Campaign } from '../../campaigns/campaigns.types.js';
import { dayOf } from '../../kernel/day.js';
import { uuidAt } from '../../kernel/ids.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AttemptBook } from '../attempts/attempt-book.commands.js';
import { AttemptMonths } from '../attempts/attempt-months.commands.js';
import type { ContactForm } from '../attempts/attempts.forms.js';
import type { AttemptEntry, ContactTarget } from '../attempts/attempts.types.js';
import type { KeptOutcome } from '../outcomes/outcomes.types.js';

/** An ad hoc contact on its way into the books. */
export interface Deed {
  user: CurrentUser;
  target: ContactTarget & { managerId: string | null; star: number };
  campaign: Campaign;
  outcome: KeptOutcome;
  form: ContactForm;
  startedAt: Date;
  now: Date;
  /** A sale without the evidence its product demands is refused. */
  strict: boolean;
}

@Injectable()
export class AdHocBook {
  constructor(
    private readonly book: AttemptBook,
    private readonly months: AttemptMonths,
  ) {}

  ready(startedAt: Date): Promise<void> {
    return this.months.ensure(startedAt);
  }

  /** @returns the id of the attempt */
  async enter(tx: Tx, deed: Deed, touchId: string): Promise<string> {
    const { target, campaign, outcome, form, now, user } = deed;
    const startedAt = await this.book.freeStart(tx, target, { campaignId: campaign.id, startedAt: deed.startedAt, given: false });
    const id = uuidAt(startedAt);
    await this.book.enter(tx, {
      id,
      target,
      campaign,
      task: await this.promise(tx, deed, id),
      touchId,
      managerId: user.id,
      outcome,
      channel: form.channel,
      startedAt,
      now,
      form: { ...form, talkSource: 'self' },
      strict: deed.strict,
    });
    return id;
  }

  /**
   * A promise given ad hoc is a task like any other. One customer has at most one open: a later contact keeps or supersedes the earlier promise
   * (R35), so it is entered as an attempt of that task.
   */
  private async promise(tx: Tx, { target, campaign, outcome, form, user, now }: Deed, attemptId: string): Promise<AttemptEntry['task']> {
    const open = await tx.maybe<NonNullable<AttemptEntry['task']>>(sql`
      select id, attempts, list_source as "listSource" from calls.task
      where campaign_id = ${campaign.id} and customer_id = ${target.customerId} and state = 'open' order by id limit 1 for update`);
    if (open || outcome.redial !== 'callback') return open ?? null;
    const due = dayOf(form.callbackAt ?? now);
    return tx.one<NonNullable<AttemptEntry['task']>>(sql`
      insert into calls.task (campaign_id, customer_id, line_id, cycle, owner_id, due_on, deadline_on, star, created_at)
      values (${campaign.id}, ${target.customerId}, ${target.lineId}, ${attemptId}, ${user.role === 'manager' ? user.id : target.managerId},
              ${due}, ${due}, ${target.star}, ${now})
      returning id, attempts, list_source as "listSource"`);
  }
}
