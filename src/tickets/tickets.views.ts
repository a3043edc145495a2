import { maskPhone } from '../kernel/phone.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { TicketRow } from './tickets.types.js';

export type TicketItem = Omit<TicketRow, 'id' | 'number' | 'assigneeId'> & { phone: string | null };

/** As the API tells it: managers get the number masked. */
export function ticketItem({ id: _, number, assigneeId: __, ...row }: TicketRow, { role }: Pick<CurrentUser, 'role'>): TicketItem {
  return { ...row, phone: number === null || role !== 'manager' ? number : maskPhone(number) };
}

const MINUTE_MS = 60_000;

export interface Countdown {
  /** left, late, paused, done */
  kind: 'left' | 'late' | 'paused' | 'done';
  days: number;
  hours: number;
  minutes: number;
  /** Share of the limit that is used, 0 to 100. */
  used: number;
  tone: '' | 'bad' | 'warn' | 'ok';
  /** Which limit runs. */
  limit: 'answer' | 'solve';
}

/** How much of the running limit is left, or how long it has been over: the list's order and its `late` say the same. */
export function countdown(
  row: Pick<TicketRow, 'state' | 'openedAt' | 'answerDue' | 'solveDue' | 'answeredAt' | 'waitingSince' | 'solvedAt'>,
  now: Date,
): Countdown {
  const limit = row.answeredAt === null ? 'answer' : 'solve';
  const due = limit === 'answer' ? row.answerDue : row.solveDue;
  const ended = row.state === 'solved' || row.state === 'closed';
  const at = ended ? (row.solvedAt ?? now) : row.state === 'waiting' ? (row.waitingSince ?? now) : now;
  const late = at > due && !ended;
  const span = Math.floor(Math.abs((ended ? row.openedAt : due).getTime() - at.getTime()) / MINUTE_MS);
  const whole = due.getTime() - row.openedAt.getTime();
  const used = Math.max(0, Math.min(100, Math.round((100 * (at.getTime() - row.openedAt.getTime())) / whole)));
  const kind = ended ? 'done' : row.state === 'waiting' ? 'paused' : late ? 'late' : 'left';
  const tone = kind === 'paused' ? '' : kind === 'done' ? 'ok' : late ? 'bad' : used >= 80 ? 'warn' : 'ok';
  return { kind, days: Math.floor(span / 1440), hours: Math.floor((span % 1440) / 60), minutes: span % 60, used: ended ? 100 : used, tone, limit };
}
