import { maskPhone } from '../kernel/phone.js';
import type { CurrentUser, Role } from '../staff/staff.types.js';
import { TICKET_PILLS, type TicketEntry, type TicketFilter, type TicketPill, type TicketRow } from './tickets.types.js';

export type TicketItem = Omit<TicketRow, 'id' | 'number' | 'assigneeId' | 'assigneeLeft'> & { phone: string | null };

/** As the API tells it: managers get the number masked. */
export function ticketItem({ id: _, number, assigneeId: __, assigneeLeft: ___, ...row }: TicketRow, { role }: Pick<CurrentUser, 'role'>): TicketItem {
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
  return {
    kind,
    days: Math.floor(span / 1440),
    hours: Math.floor((span % 1440) / 60),
    minutes: span % 60,
    used: ended ? 100 : used,
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
  clock: Countdown & { text: string };
  /** Of the limit that runs; null when none does. */
  due: Date | null;
  kindTone: string;
  stateTone: string;
}

/** A row of the list, and the head of its page. */
export function ticketLine(row: TicketRow, now: Date, say: Say): TicketLine {
  const clock = countdown(row, now);
  const stateTone = row.late ? 'bad' : STATE_TONES[row.state];
  return { ...row, clock: { ...clock, text: countdownText(clock, say) }, due: row.dueAt, kindTone: KIND_TONES[row.kind] ?? '', stateTone };
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
