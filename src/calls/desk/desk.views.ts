import { dayOf } from '../../kernel/day.js';
import { formatPhone, maskPhone } from '../../kernel/phone.js';
import type { Contacted } from '../../contact/contact.types.js';
import { type CallCard, FORM_CALENDARS, WECOM_STATES } from '../../customers/customers.types.js';
import type { Locale } from '../../platform/i18n/catalogue.js';
import { quickChoices } from '../outcomes/callback.policy.js';
import { LEASE_MINUTES } from '../calls.types.js';
import type { ContactLine, LastAttempt } from '../attempts/attempts.queries.js';
import type { DeskBoard } from './desk.queries.js';
import { momentText } from '../claims/gate-refusal.policy.js';
import { IDENTITY_CHECKS } from '../orders/evidence.policy.js';
import type { OfferChoice } from '../orders/order-terms.queries.js';
import type { KeptOutcome, OutcomeReason } from '../outcomes/outcomes.types.js';
import { PROMISE_KINDS } from '../promises/promise.states.js';
import type { TaskReason } from './task-reasons.types.js';
import type { TaskSheet } from './task-sheet.queries.js';
import type { TaskRow } from '../tasks/tasks.queries.js';

/** What a customer may answer, the best first (QUA-2). */
const MARKS = [5, 4, 3, 2, 1] as const;
const MINUTE_MS = 60_000;
/** A promise turns amber this long before its minute. */
const SOON_MINUTES = 10;

/** The label in the reader's language. */
export const labelOf = (row: { labelZh: string; labelEn: string }, locale: Locale): string => (locale === 'zh' ? row.labelZh : row.labelEn);

/** Boxes that say what was read out. */
const ORDER_READS = ['orderTariff', 'orderStart', 'orderContract'] as const;

export interface QueueEntry {
  id: string;
  name: string | null;
  star: number;
  state: '' | 'now' | 'soon' | 'late';
  callback: string | null;
  /** From now to the promise or, when it is late, from the promise to now: whole hours and what is left in minutes. */
  hours: number;
  minutes: number;
  dueOn: string;
  campaignName: string;
}

/** One customer of the strip; the held one is marked. */
export function queueEntry(row: TaskRow, now: Date, heldId?: string): QueueEntry {
  const minutes = row.callbackAt ? Math.round((row.callbackAt.getTime() - now.getTime()) / MINUTE_MS) : 0;
  const promise = row.callbackAt ? (minutes < 0 ? 'late' : minutes <= SOON_MINUTES ? 'soon' : '') : '';
  return {
    id: row.id,
    name: row.customerName,
    star: row.star,
    state: row.id === heldId ? 'now' : promise,
    callback: row.callbackAt && momentText(row.callbackAt, now),
    hours: Math.floor(Math.abs(minutes) / 60),
    minutes: Math.abs(minutes) % 60,
    dueOn: row.dueOn,
    campaignName: row.campaignName,
  };
}

export interface OutcomeKey {
  code: string;
  key: string;
  text: string;
  kind: '' | 'ok' | 'bad';
  needsReason: boolean;
  /** Opens the box of a callback, of an order. */
  asksCallback: boolean;
  asksOrder: boolean;
  /** What saving it brings about, named on the button. */
  saves: 'complaint' | 'do_not_call' | '';
  /** Not offered for new calls any more. */
  retired: boolean;
  selected: boolean;
}

const keyOf = (outcome: KeptOutcome, locale: Locale, chosen: string): OutcomeKey => ({
  code: outcome.code,
  key: outcome.retiredAt ? '' : outcome.key,
  text: labelOf(outcome, locale),
  kind: outcome.converted ? 'ok' : outcome.tone === 'bad' ? 'bad' : '',
  needsReason: outcome.needsReason,
  asksCallback: outcome.redial === 'callback',
  asksOrder: outcome.converted,
  saves: outcome.blocksCalls ? 'do_not_call' : outcome.opensTicket ? 'complaint' : '',
  retired: outcome.retiredAt !== null,
  selected: outcome.code === chosen,
});

/** The keys in two groups, as the hands lie: effective ones by digits, the others by letters. */
export const outcomeKeys = (outcomes: readonly KeptOutcome[], locale: Locale, chosen: string): { effective: OutcomeKey[]; other: OutcomeKey[] } => ({
  effective: outcomes.filter((outcome) => outcome.effective).map((outcome) => keyOf(outcome, locale, chosen)),
  other: outcomes.filter((outcome) => !outcome.effective).map((outcome) => keyOf(outcome, locale, chosen)),
});

export interface DeskParts {
  sheet: TaskSheet;
  board: DeskBoard;
  history: ContactLine[];
  outcomes: KeptOutcome[];
  reasons: OutcomeReason[];
  locale: Locale;
  now: Date;
  /** What can be sold. */
  offers: OfferChoice[];
  /** Who had the customer last today, this call apart. */
  contacted: Contacted | undefined;
  values: Readonly<Record<string, string | string[] | undefined>>;
}

const customerOf = (card: CallCard, held: boolean): Record<string, unknown> => ({
  id: card.customerId,
  name: card.name ?? card.honorific,
  gender: card.gender,
  starLevel: card.starLevel,
  tier: card.tier,
  class: card.class,
  place: [card.city, card.district].filter(Boolean).join(''),
  lineId: card.line.id,
  phone: held ? formatPhone(card.line.number) : maskPhone(card.line.number),
  package: card.line.package,
  arpuFen: card.line.arpuFen,
  contractEnd: card.line.contractEnd,
  health: card.line.health,
  joinedOn: card.joinedOn,
  birthday: card.birthday,
});

export function lastView(last: LastAttempt | undefined, locale: Locale): Record<string, unknown> | null {
  return last ? { id: last.id, taskId: last.taskId, name: last.customerName, label: labelOf(last, locale), opensTicket: last.opensTicket } : null;
}

/** The quick choices of a callback, each taken by a digit. */
export const callbackChoices = (now: Date): { value: string; at: Date; later: boolean; key: string }[] =>
  quickChoices(now).map((at, i) => ({ value: at.toISOString(), at, later: dayOf(at) > dayOf(now), key: String(i + 1) }));

/** The boxes of an order, each taken by a digit, in the order in which the call goes through them (CAM-9). */
export const orderBox = (offers: readonly OfferChoice[]): Record<string, unknown> => ({
  offers: offers.map(({ name, priceFen, contractMonths }) => ({
    name,
    terms: `${priceFen / 100}|${contractMonths ?? 0}`,
    free: priceFen === 0 ? '1' : '',
    open: contractMonths ? '' : '1',
  })),
  identities: IDENTITY_CHECKS.map((code, i) => ({ code, key: i + 1 })),
  reads: ORDER_READS.map((name, i) => ({ name, key: IDENTITY_CHECKS.length + i + 1 })),
});

interface Tick {
  code: string;
  label: string;
  ticked: boolean;
}

/** What may be ticked off: each reason once, with the points its call goes through. */
function topicTicks(reasons: readonly TaskReason[], ticked: readonly string[]): (Tick & { checks: Tick[] })[] {
  const tick = (code: string, label: string): Tick => ({ code, label, ticked: ticked.includes(code) });
  const first = reasons.filter(({ topic }, i) => topic && reasons.findIndex((one) => one.topic === topic) === i);
  return first.map(({ topic, label, checks = [] }) => ({
    ...tick(topic ?? '', label ?? topic ?? ''),
    checks: checks.map((check) => tick(check.code, check.label)),
  }));
}

/** When its holder took it. */
export const takenAt = ({ leaseUntil }: Pick<TaskRow, 'leaseUntil'>): Date | null =>
  leaseUntil && new Date(leaseUntil.getTime() - LEASE_MINUTES * MINUTE_MS);

/** Everything the desk shows, for its template. The number is whole only while the task is held. */
export function deskView(parts: DeskParts): Record<string, unknown> {
  const { sheet, board, locale, now, values } = parts;
  const { row, card } = sheet;
  const held = row.state === 'claimed';
  return {
    task: { id: row.id, campaign: row.campaign, campaignName: row.campaignName, attempts: row.attempts, deadlineOn: row.deadlineOn },
    customer: customerOf(card, held),
    reasons: sheet.reasons,
    script: sheet.script,
    closingLine: sheet.closingLine,
    sentMessage: sheet.sentMessage,
    partnerOffers: sheet.partnerOffers,
    contacted: parts.contacted,
    history: parts.history.map((line) => ({ at: line.at, channel: line.channel, label: labelOf(line, locale), note: line.note })),
    keys: outcomeKeys(parts.outcomes, locale, String(values.outcome ?? '')),
    reasonOptions: parts.reasons.map((reason) => ({ code: reason.code, text: labelOf(reason, locale) })),
    callbacks: callbackChoices(now),
    promiseKinds: PROMISE_KINDS,
    ...orderBox(parts.offers),
    topics: topicTicks(sheet.reasons, [values.topics ?? []].flat()),
    marks: sheet.reasons.some(({ asksSatisfaction }) => asksSatisfaction) ? MARKS : [],
    markNeeded: sheet.reasons.some(({ asksSatisfaction }) => asksSatisfaction === 'must'),
    asks: card.asks,
    choices: WECOM_STATES,
    calendars: FORM_CALENDARS,
    held,
    startedAt: takenAt(row)?.toISOString() ?? '',
    leaseUntil: row.leaseUntil,
    count: board.count,
    total: board.count.callbacks + board.count.listed + board.count.closed,
    queue: board.queue.map((task) => queueEntry(task, now, row.id)),
    last: lastView(board.last, locale),
    values,
  };
}
