import type { Day } from '../kernel/day.js';
import { maskPhone } from '../kernel/phone.js';
import type { CurrentUser, Role } from '../staff/staff.types.js';
import { percentUsed } from './deadline.policy.js';
import { TICKET_PILLS, type TicketEntry, type TicketFilter, type TicketPill, type TicketRow } from './tickets.types.js';

/** What pages are made with. */
const INNER = ['id', 'number', 'assigneeId', 'assigneeLeft', 'own', 'answerEscalate', 'solveEscalate', 'escalatedLimit', 'limits'] as const;
export type TicketItem = Omit<TicketRow, (typeof INNER)[number]> & { phone: string | null };

/** As the API tells it: managers get the number masked. */
export function ticketItem(ticket: TicketRow, { role }: Pick<CurrentUser, 'role'>): TicketItem {
  const { number } = ticket;
  const told = Object.entries(ticket).filter(([name]) => !INNER.some((inner) => inner === name));
  const row = Object.fromEntries(told) as Omit<TicketRow, (typeof INNER)[number]>;
  return { ...row, phone: number === null || role !== 'manager' ? number : maskPhone(number) };
}

const MINUTE_MS = 60_000;

export interface Countdown {
  /** left, late, paused, done */
  kind: 'left' | 'late' | 'paused' | 'done';
  days: number;
  hours: number;
  minutes: number;
  /** Past its limit; also when it stands still. */
  over: boolean;
  tone: '' | 'bad' | 'warn' | 'ok';
  /** Which limit runs. */
  limit: 'answer' | 'solve';
}

/** What the countdown stands on. */
type Counted = Pick<
  TicketRow,
  'state' | 'openedAt' | 'answerDue' | 'solveDue' | 'answerEscalate' | 'solveEscalate' | 'answeredAt' | 'waitingSince' | 'solvedAt'
>;

/** The limit that runs, or ran last, and the moment its countdown shows. */
export function runningLimit(row: Counted, now: Date): { limit: 'answer' | 'solve'; due: Date; escalate: Date; at: Date; ended: boolean } {
  const ended = row.state === 'solved' || row.state === 'closed';
  const at = ended ? (row.solvedAt ?? now) : row.state === 'waiting' ? (row.waitingSince ?? now) : now;
  return row.answeredAt === null
    ? { limit: 'answer', due: row.answerDue, escalate: row.answerEscalate, at, ended }
    : { limit: 'solve', due: row.solveDue, escalate: row.solveEscalate, at, ended };
}

/** How much of the running limit is left, or how long it has been over: the list's order and its `late` say the same, and it warns from the escalation on. */
export function countdown(row: Counted, now: Date): Countdown {
  const { limit, due, escalate, at, ended } = runningLimit(row, now);
  const late = at > due && !ended;
  const span = Math.floor(Math.abs((ended ? row.openedAt : due).getTime() - at.getTime()) / MINUTE_MS);
  const kind = ended ? 'done' : row.state === 'waiting' ? 'paused' : late ? 'late' : 'left';
  const tone = kind === 'paused' ? '' : kind === 'done' ? 'ok' : late ? 'bad' : at >= escalate ? 'warn' : 'ok';
  return {
    kind,
    days: Math.floor(span / 1440),
    hours: Math.floor((span % 1440) / 60),
    minutes: span % 60,
    over: at > due && !ended,
    tone,
    limit,
  };
}

/** A sentence of the catalogue in the reader's language. */
export type Say = (key: string, params?: Record<string, unknown>) => string;

const spanText = ({ days, hours, minutes }: Countdown, say: Say): string =>
  days > 0
    ? say('tickets.span.days', { days, hours })
    : hours > 0
      ? say('tickets.span.hours', { hours, minutes })
      : say('tickets.span.minutes', { minutes });

/** 剩2小时40分 · 超4分 · 停表，余1天3小时 · 办结用时5小时12分 */
export const countdownText = (clock: Countdown, say: Say): string =>
  say(`tickets.clock.${clock.kind}${clock.kind === 'paused' && clock.over ? '_over' : ''}`, { span: spanText(clock, say) });

const KIND_TONES: Partial<Record<TicketRow['kind'], string>> = {
  complaint: 'bad',
  fault: 'warn',
  suggestion: 'teal',
  correction: 'info',
  business: 'care',
};
const STATE_TONES: Record<TicketRow['state'], string> = { open: 'warn', assigned: 'info', answered: 'info', waiting: '', solved: 'ok', closed: '' };

export interface TicketLine extends TicketRow {
  /** `used`: percent of the limit that runs, in the time it is counted in. */
  clock: Countdown & { text: string; used: number };
  /** Of the limit that runs; null when none does. */
  due: Date | null;
  kindTone: string;
  stateTone: string;
}

function used(row: TicketRow, { now, days }: { now: Date; days: readonly Day[] }): number {
  const { limit, due, at, ended } = runningLimit(row, now);
  const { answerMinutes, solveMinutes, ...counting } = row.limits;
  return ended ? 100 : percentUsed(limit === 'answer' ? answerMinutes : solveMinutes, { due, at }, { ...counting, days });
}

/** A row of the list, and the head of its page. @param when `days`: the working days from what its countdown shows to the end of its limit */
export function ticketLine(row: TicketRow, when: { now: Date; days: readonly Day[] }, say: Say): TicketLine {
  const clock = countdown(row, when.now);
  const stateTone = row.late ? 'bad' : STATE_TONES[row.state];
  return {
    ...row,
    clock: { ...clock, text: countdownText(clock, say), used: used(row, when) },
    due: row.dueAt,
    kindTone: KIND_TONES[row.kind] ?? '',
    stateTone,
  };
}

export interface Pill {
  name: TicketPill | 'closed';
  href: string;
  /** null: not counted. */
  count: number | null;
  current: boolean;
}

/** The address of a list. */
export const listHref = (filter: TicketFilter & { cursor?: string | undefined }): string => {
  const set = Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return set.length === 0 ? '/tickets' : `/tickets?${new URLSearchParams(set).toString()}`;
};

/** The presets in one line, kind and scope kept. */
export function pillsOf(filter: TicketFilter, counts: Record<TicketPill, number>): Pill[] {
  const kept = { kind: filter.kind, scope: filter.scope };
  const presets: [Pill['name'], TicketFilter, number | null][] = [
    ...(Object.entries(TICKET_PILLS) as [TicketPill, TicketFilter][]).map(([name, one]): [TicketPill, TicketFilter, number] => [
      name,
      one,
      counts[name],
    ]),
    ['closed', { state: 'closed' }, null],
  ];
  const same = (one: TicketFilter): boolean =>
    filter.customer === undefined && one.view === filter.view && one.state === filter.state && one.mark === filter.mark;
  return presets.map(([name, one, count]) => ({ name, href: listHref({ ...one, ...kept }), count, current: same(one) }));
}

/** What somebody sees who asks for no list in particular: a manager what is theirs to do, others all that is not closed. */
export const askedFilter = ({ view, kind, scope, state, mark, customer }: TicketFilter, role: Role): TicketFilter => {
  const asked = view ?? state ?? mark ?? customer;
  const preset = asked === undefined ? (role === 'manager' ? TICKET_PILLS.mine : TICKET_PILLS.all) : { view, state, mark };
  return { ...preset, kind, scope, customer };
};

/** What the number at the entry of the rail counts, and the entry then leads to: what a manager has to do, what is late where somebody supervises. */
export const waitingFor = ({ role }: { role: Role }): TicketFilter => (role === 'manager' ? TICKET_PILLS.mine : TICKET_PILLS.late);

const DEED_ICONS: Record<string, string> = {
  open: 'plus',
  call: 'phone',
  take: 'hand-grab',
  assign: 'user-share',
  transfer: 'arrows-exchange',
  answer: 'message-reply',
  wait: 'player-pause',
  resume: 'player-play',
  solve: 'check',
  close: 'circle-check',
  reopen: 'refresh-alert',
  unheard: 'phone-off',
  erase: 'user-off',
  urge: 'bell-ringing',
  escalate: 'alert-triangle',
  merge: 'git-merge',
};

export interface EntryLine extends TicketEntry {
  icon: string;
  /** To whom, into what, how satisfied. */
  words: string | null;
}

/** A line of the history. Closed or opened again by a call-back, it tells the mark. */
export function entryLine(entry: TicketEntry, say: Say): EntryLine {
  const { deed, target } = entry;
  const marked = target !== null && ['close', 'reopen', 'unheard'].includes(deed);
  return { ...entry, icon: DEED_ICONS[deed] ?? 'point', words: marked ? say('tickets.marked', { mark: target }) : target };
}
