import type { Contacted } from '../../contact/contact.types.js';
import { addDays, dayOf, hourOf } from '../../kernel/day.js';
import { maskPhone } from '../../kernel/phone.js';
import { share } from '../../kernel/statistics.js';
import { queueEntry } from './desk.views.js';
import type { TaskReason } from './task-reasons.types.js';
import type { TaskRow } from '../tasks/tasks.queries.js';
import type { CampaignProgress, DayLoad, OwnFigures } from './today.queries.js';

type View = Record<string, unknown>;

/** Below this many calls a rate is shown with a word of caution. */
const FEW = 30;

export const greetingKey = (now: Date): string => `calls.greeting_${hourOf(now) < 12 ? 'morning' : hourOf(now) < 18 ? 'afternoon' : 'evening'}`;

/** What stands beside a task: why it is on the list, and who had the customer last today (R24). */
export interface RowFacts {
  reasons: readonly TaskReason[];
  contacted: Contacted | undefined;
}

/** One row of the list or of the promises; the number is masked, dialling happens on the desk. */
export function taskView(row: TaskRow, { reasons, contacted }: RowFacts, now: Date): View {
  const today = dayOf(now);
  const deadline = row.deadlineOn ?? row.dueOn;
  const waits = row.notBefore !== null && row.notBefore > now;
  return {
    ...queueEntry(row, now),
    ...{ customerId: row.customerId, lineId: row.lineId, campaign: row.campaign },
    phone: maskPhone(row.number),
    reasons: reasons.filter((reason) => reason.topic !== null || row.callbackAt === null).map((reason) => reason.text),
    deadlineOn: deadline,
    urgency: deadline <= today ? 'bad' : deadline <= addDays(today, 2) ? 'warn' : '',
    attempts: row.attempts,
    waitsUntil: waits ? row.notBefore : null,
    waitsFor: waits ? row.refusedReason : null,
    contacted,
    overCapacity: row.overCapacity,
  };
}

export function progressView(rows: readonly CampaignProgress[]): View {
  const closed = rows.reduce((sum, row) => sum + row.closed, 0);
  const total = rows.reduce((sum, row) => sum + row.closed + row.open, 0);
  return { closed, total, rows: rows.map((row) => ({ ...row, total: row.closed + row.open })) };
}

export function figuresView(today: OwnFigures, week: OwnFigures): View {
  return {
    ...today,
    connectRate: share(today.connected, today.attempts),
    conversionRate: share(today.converted, today.connected),
    averageTalk: share(today.talkSeconds, today.connected),
    few: today.attempts < FEW,
    weekConverted: week.converted,
  };
}

/** Planned against what fits: green, amber from nine tenths, red when it is too much. */
export function aheadView({ days, capacity }: { days: readonly DayLoad[]; capacity: number }): View {
  const most = Math.max(capacity, ...days.map((day) => day.planned), 1);
  const kindOf = (day: DayLoad): string => (day.planned > day.capacity ? 'bad' : day.planned >= day.capacity * 0.9 ? 'warn' : 'ok');
  return {
    capacity,
    most,
    days: days.map((day) => ({ ...day, kind: kindOf(day) })),
    over: days.filter((day) => day.planned > day.capacity).length,
  };
}
