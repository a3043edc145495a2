import { dayOf } from '../kernel/day.js';
import { maskPhone } from '../kernel/phone.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { BlockRow } from './blocks.queries.js';
import type { Winner } from './cap.rule.js';
import type { TouchRow, Verdict, WindowState } from './contact.types.js';

/** Managers get numbers masked outside the task they hold. */
export const numberFor = (user: Pick<CurrentUser, 'role'>, number: string): string => (user.role === 'manager' ? maskPhone(number) : number);

export const blockView = ({ id, number, channel, scope, reason, source, until, createdAt }: BlockRow): object => ({
  id,
  phone: number,
  channel,
  scope,
  reason,
  source,
  until,
  createdAt,
});

export const touchView = ({ at, channel, purpose, allowed, reasons, source, state, id, facts }: TouchRow): object => ({
  at,
  channel,
  purpose,
  allowed,
  reasons,
  source,
  state,
  id,
  facts,
});

export const verdictView = ({ touchId, expiresAt }: Verdict): object => ({ id: touchId, expiresAt });

/** Who was first: the touches that fill a cap, with the moment each stops counting. */
const winnerView = ({ touch: { source, channel, purpose, at }, until }: Winner): object => ({ source, channel, purpose, at, until });

export const refusalView = (verdict: Verdict, winners: readonly Winner[], answer: { message: string; requestId: string }): object => ({
  error: { code: verdict.reasons[0], message: answer.message, param: 'phone', requestId: answer.requestId },
  heldBy: winners.map(winnerView),
  reasons: verdict.reasons,
  until: verdict.until,
  id: verdict.touchId,
});

/** The sentence of the top bar: key and time. A day that is not today is named. */
export function windowNote(state: WindowState, now: Date): { key: string; params: { time: string; day: string } } {
  const { open, until } = state;
  if (until === null) return { key: 'contact.window.shut', params: { time: '', day: '' } };
  const local = new Date(until.getTime() + 8 * 3_600_000).toISOString();
  const params = { time: local.slice(11, 16), day: local.slice(5, 10) };
  if (open) return { key: 'contact.window.open', params };
  return { key: dayOf(until) === dayOf(now) ? 'contact.window.quiet' : 'contact.window.quiet_until_day', params };
}
