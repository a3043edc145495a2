import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AttemptsQueries } from '../attempts/attempts.queries.js';
import type { EmptyReason } from '../calls.types.js';
import type { Posted } from './desk-form.policy.js';
import { type DayCount, DeskQueries } from './desk.queries.js';
import { deskView, lastView, queueEntry, takenAt } from './desk.views.js';
import { momentText } from '../claims/gate-refusal.policy.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';
import { TaskSheets } from './task-sheet.queries.js';
import { type TaskRow, TasksQueries } from '../tasks/tasks.queries.js';

type View = Record<string, unknown>;

/** Reads what the desk shows, all at once. */
@Injectable()
export class DeskPage {
  constructor(
    private readonly tasks: TasksQueries,
    private readonly sheets: TaskSheets,
    private readonly board: DeskQueries,
    private readonly attempts: AttemptsQueries,
    private readonly outcomes: OutcomesQueries,
    private readonly contact: ContactQueries,
    private readonly clock: Clock,
  ) {}

  /** The desk of the held task, or undefined when nothing is held. */
  async ofHeld(user: CurrentUser): Promise<View | undefined> {
    const row = await this.tasks.heldBy(user.id);
    return row && this.view(user, row, {});
  }

  /** The desk of a task whose form came back; the task may have gone to somebody else meanwhile, what was typed stays. */
  async ofTask(user: CurrentUser, taskId: string, values: Posted): Promise<View> {
    return this.view(user, await this.tasks.row(user, taskId), values);
  }

  /** Nothing is held: why, and what can be done. */
  async empty(user: CurrentUser, asked: string | undefined): Promise<View> {
    const now = this.clock.now();
    const { count, queue, last } = await this.board.board(user.id);
    const window = this.contact.windowState(now, 'call');
    const waiting = count.callbacks + count.listed;
    return {
      reason: stateOf(asked, count, window.open),
      count,
      waiting: waiting - count.later,
      laterFrom: count.laterFrom && momentText(count.laterFrom, now),
      until: window.until && momentText(window.until, now),
      nextCallback: queue.find((row) => row.callbackAt && row.callbackAt > now)?.callbackAt ?? null,
      queue: queue.map((row) => queueEntry(row, now)),
      last: lastView(last, user.locale),
      today: dayOf(now),
    };
  }

  private async view(user: CurrentUser, row: TaskRow, values: Posted): Promise<View> {
    const now = this.clock.now();
    const mine = row.claimedBy === user.id;
    const began = (mine ? takenAt(row) : null) ?? now;
    const [sheet, board, history, outcomes, reasons, offers, contacted] = await Promise.all([
      this.sheets.of(user, row),
      this.board.board(user.id),
      this.attempts.recent(row.customerId),
      this.outcomes.offeredAt(began),
      this.outcomes.reasonsAt(began),
      this.board.offers(user),
      this.contact.lastToday([row.customerId], now, row.touchId),
    ]);
    return deskView({
      sheet: mine ? sheet : { ...sheet, row: { ...row, state: 'open', leaseUntil: null } },
      board,
      history,
      outcomes,
      reasons,
      offers,
      locale: user.locale,
      now,
      contacted: contacted.get(row.customerId),
      values,
    });
  }
}

/** Why nobody is there; what was answered to the asking tells more than the count, except that who waits is not done. */
function stateOf(asked: string | undefined, { callbacks, listed, later }: DayCount, open: boolean): EmptyReason | 'ready' | 'later' {
  if (callbacks + listed === 0) return 'empty';
  if (isReason(asked) && (asked !== 'empty' || later === 0)) return asked;
  if (!open) return 'quiet_hours';
  return asked === 'empty' || callbacks + listed === later ? 'later' : 'ready';
}

const isReason = (text: string | undefined): text is EmptyReason => text === 'empty' || text === 'quiet_hours' || text === 'all_capped';
