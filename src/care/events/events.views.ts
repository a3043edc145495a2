import { dayOf } from '../../kernel/day.js';
import { maskPhone } from '../../kernel/phone.js';
import { timeText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { mayPlan } from '../care.pages.controller.js';
import {
  ANSWERS,
  EVENT_KINDS,
  type EventRow,
  INVITE_CHANNELS,
  type InvitationRow,
  isVisit,
  RESULTS,
  type Show,
  SHOWS,
  VISIT_KINDS,
} from './events.types.js';

type Typed = Record<string, unknown>;

const STATE_TONES: Record<EventRow['state'], string> = { ahead: 'info', today: 'ok', over: '', cancelled: 'bad' };

export const eventView = (row: EventRow): object => ({
  ...row,
  tone: STATE_TONES[row.state],
  day: dayOf(row.startsAt),
  from: timeText(row.startsAt),
  to: timeText(row.endsAt),
  visit: isVisit(row.kind),
});

/** Until its day is over: whoever plans or oversees runs the events of her units, a manager the visits she makes. */
export const mayRun = (user: CurrentUser, row: EventRow): boolean =>
  (row.state === 'ahead' || row.state === 'today') && (user.role === 'manager' ? isVisit(row.kind) && row.host === user.username : mayMake(user));
export const mayMake = (user: CurrentUser): boolean => mayPlan(user) || user.role === 'supervisor';

/** Each figure with its rows behind it; the shown one is current. */
export const figures = (row: EventRow, show: Show): object[] => SHOWS.map((code) => ({ code, count: row.counts[code], current: code === show }));

export const invitationView = (row: InvitationRow): object => ({ ...row, number: maskPhone(row.number), on: row.excluded === null });

/** What the boxes of the form hold: as typed, else as saved. */
export function eventForm(user: CurrentUser, saved: EventRow | undefined, typed: Typed | undefined): object {
  const kept = saved ? { ...eventView(saved), customer: '' } : {};
  return {
    kinds: user.role === 'manager' ? VISIT_KINDS : EVENT_KINDS,
    channels: INVITE_CHANNELS,
    visits: user.role === 'manager',
    values: typed ?? kept,
  };
}

export const CHOICES = { answers: ANSWERS, results: RESULTS };
