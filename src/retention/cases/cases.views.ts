import { maskPhone } from '../../kernel/phone.js';
import type { Locale } from '../../platform/i18n/catalogue.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import {
  type CaseRow,
  type CaseState,
  type EntryRow,
  type FollowUpRow,
  GIVING_STATES,
  type MeasureRow,
  type MeasureState,
  type Named,
  type SignRow,
} from './case.types.js';

/** A sentence of the catalogue in the reader's language. */
export type Say = (key: string, params?: Record<string, unknown>) => string;

const MINUTE_MS = 60_000;

/** The name in the reader's language. */
export const nameOf = ({ labelZh, labelEn }: Pick<Named, 'labelZh' | 'labelEn'>, locale: Locale): string => (locale === 'zh' ? labelZh : labelEn);

type Hidden = 'id' | 'lineId' | 'number' | 'strategyId' | 'sourceZh' | 'sourceEn' | 'reasonZh' | 'reasonEn' | 'directionZh' | 'directionEn';
export type CaseItem = Omit<CaseRow, Hidden> & { phone: string | null };

/** As the API tells it: managers get the number masked. */
export function caseItem(row: CaseRow, { role }: Pick<CurrentUser, 'role'>): CaseItem {
  const {
    id: _,
    lineId: __,
    number,
    strategyId: ___,
    sourceZh: _1,
    sourceEn: _2,
    reasonZh: _3,
    reasonEn: _4,
    directionZh: _5,
    directionEn: _6,
    ...rest
  } = row;
  return { ...rest, phone: number === null || role !== 'manager' ? number : maskPhone(number) };
}

export const signItem = ({ source, notedOn, text }: SignRow) => ({ source, notedOn, text });
export const measureItem = ({ proposedById: _, ...measure }: MeasureRow) => measure;

const STATE_TONES: Record<CaseState, string> = {
  open: 'warn',
  talking: 'info',
  kept: 'ok',
  lost: 'bad',
  unreached: '',
  stopped: '',
  withdrawn: '',
  held_out: 'care',
};
const MEASURE_TONES: Record<MeasureState, string> = { waiting: 'warn', refused: '', granted: 'info', accepted: 'ok', declined: '' };

/** How long there is to the first call, or how long it is over, as words; null once somebody called or the case is over. */
export function firstCallClock({ state, firstCallAt, callBy }: Pick<CaseRow, 'state' | 'firstCallAt' | 'callBy'>, now: Date, say: Say) {
  if (firstCallAt !== null || (state !== 'open' && state !== 'talking')) return null;
  const minutes = Math.round((callBy.getTime() - now.getTime()) / MINUTE_MS);
  const span = { hours: Math.floor(Math.abs(minutes) / 60), minutes: Math.abs(minutes) % 60 };
  return { late: minutes < 0, soon: minutes >= 0 && minutes < 240, text: say(minutes < 0 ? 'retention.clock.late' : 'retention.clock.left', span) };
}

/** A row of the list and the head of its page. */
export function caseLine(row: CaseRow, now: Date, { locale, say }: { locale: Locale; say: Say }) {
  const named = (zh: string | null, en: string | null): string | null => (locale === 'zh' ? zh : en);
  return {
    ...row,
    sourceName: named(row.sourceZh, row.sourceEn),
    reasonName: named(row.reasonZh, row.reasonEn),
    directionName: named(row.directionZh, row.directionEn),
    percent: Math.round(row.score * 100),
    tone: STATE_TONES[row.state],
    clock: firstCallClock(row, now, say),
    statuses: [row.status30, row.status60, row.status90].map((status, i) => ({ days: [30, 60, 90][i], status, tone: statusTone(status) })),
  };
}

const statusTone = (status: string | null): string =>
  status === 'active' ? 'ok' : status === 'churned' ? 'bad' : status === 'suspended' ? 'warn' : '';

/** @param state of the case: what is over gives nothing any more */
export const measureLine = (measure: MeasureRow, user: CurrentUser, state: CaseState) => ({
  ...measure,
  tone: MEASURE_TONES[measure.state],
  mayDecide:
    measure.state === 'waiting' &&
    GIVING_STATES.includes(state) &&
    user.role !== 'manager' &&
    user.role !== 'planner' &&
    measure.proposedById !== user.id,
  mayAnswer: measure.state === 'granted' && user.role !== 'planner',
});

export const signLine = (sign: SignRow, locale: Locale) => ({ ...sign, name: nameOf(sign, locale) });
export const followUpLine = (row: FollowUpRow) => ({ ...row, tone: statusTone(row.status) });

/** What happened, in words: codes of reasons and sources become their names. */
export function entryLine(entry: EntryRow, names: ReadonlyMap<string, string>) {
  const target =
    entry.target
      ?.split(' ')
      .map((word) => names.get(word) ?? word)
      .join(' ') ?? null;
  return { ...entry, target, tone: entry.deed === 'open' || entry.deed === 'sign' ? 'warn' : STATE_TONES[entry.state] };
}
