import { dayOf, shanghaiClock } from '../kernel/day.js';
import { maskPhone } from '../kernel/phone.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { WindowState } from './contact.types.js';

/** Managers get numbers masked outside the task they hold. */
export const numberFor = (user: Pick<CurrentUser, 'role'>, number: string): string => (user.role === 'manager' ? maskPhone(number) : number);

/** The sentence of the top bar: key and time. A day that is not today is named. */
export function windowNote(state: WindowState, now: Date): { key: string; params: { time: string; day: string } } {
  const { open, until } = state;
  if (until === null) return { key: 'contact.window.shut', params: { time: '', day: '' } };
  const local = shanghaiClock(until);
  const params = { time: local.slice(11, 16), day: local.slice(5, 10) };
  if (open) return { key: 'contact.window.open', params };
  return { key: dayOf(until) === dayOf(now) ? 'contact.window.quiet' : 'contact.window.quiet_until_day', params };
}
