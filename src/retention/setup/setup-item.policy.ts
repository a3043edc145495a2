import { InvalidInput } from '../../kernel/errors.js';
import { parseFen } from '../../kernel/money.js';
import {
  isAnswer,
  isSource,
  type RetentionOffer,
  type SetupItem,
  type SetupKind,
  type Source,
  type SourceAsKept,
  type Strategy,
} from './setup.types.js';

/** A form as a browser posts it. */
export type Posted = Readonly<Record<string, string | string[] | undefined>>;

const textOf = (value: Posted[string]): string => (typeof value === 'string' ? value.trim() : '');
const listOf = (value: Posted[string]): string[] => [value ?? []].flat();
const numberOf = (value: Posted[string]): number | string => (/^\d{1,9}$/.test(textOf(value)) ? Number(value) : textOf(value));
const fenOf = (value: Posted[string]): number | string => parseFen(textOf(value)) ?? textOf(value);
/** Words or codes in one box: 、 comma or blank between them. */
export const splitWords = (value: Posted[string]): string[] => [...new Set(textOf(value).split(/[、,，;；\s]+/))].filter((word) => word !== '');

const shared = (body: Posted) => ({ code: textOf(body.code), enabled: body.enabled === 'on', seen: textOf(body.seen) });
const aimed = (body: Posted) => ({
  ...shared(body),
  name: body.name,
  starFrom: numberOf(body.starFrom),
  starTo: numberOf(body.starTo),
  sources: listOf(body.sources),
  reasons: listOf(body.reasons),
});

/** The boxes of a page as the form of its kind; what cannot be read stays as it is and is refused there. */
export function fieldsOf(kind: SetupKind, body: Posted): Record<string, unknown> {
  if (kind === 'strategies') return { ...aimed(body), sort: numberOf(body.sort), goal: body.goal, offers: splitWords(body.offers) };
  if (kind === 'offers') {
    const money = { costFen: fenOf(body.costFen), leastValueFen: fenOf(body.leastValueFen) };
    const more = { kind: body.kind, catalogueCode: body.catalogueCode, validUntil: body.validUntil, alwaysAsks: body.alwaysAsks === 'on' };
    return { ...aimed(body), ...money, ...more, restDays: numberOf(body.restDays) };
  }
  const answer = { ...shared(body), labelZh: body.labelZh, labelEn: body.labelEn, sort: numberOf(body.sort), words: splitWords(body.words) };
  if (kind !== 'sources') return answer;
  return { ...answer, likelihood: numberOf(body.likelihood), draws: body.draws === 'on', nightly: body.nightly === 'on' };
}

/** What there is to name, by code. */
export interface KnownCodes {
  sources: readonly string[];
  reasons: readonly string[];
  offers: readonly string[];
}

type Fault = { param: string; code: string; params?: Record<string, string> };

function aimFaults(item: Strategy | RetentionOffer, known: KnownCodes): Fault[] {
  const unknown = (param: 'sources' | 'reasons' | 'offers', codes: readonly string[]): Fault[] => {
    const missing = codes.filter((code) => !known[param].includes(code));
    return missing.length > 0 ? [{ param, code: 'retention_setup_unknown', params: { codes: missing.join('、') } }] : [];
  };
  return [
    ...(item.starTo < item.starFrom ? [{ param: 'starTo', code: 'retention_stars_reversed' }] : []),
    ...unknown('sources', item.sources),
    ...unknown('reasons', item.reasons),
    ...('offers' in item ? unknown('offers', item.offers) : []),
  ];
}

/** @param before as it is kept; null: a new one */
function sourceFaults({ enabled, draws, nightly, words }: Source, before: SourceAsKept | null): Fault[] {
  const stops = before?.stops ?? false;
  return [
    // after an application to port out nobody may ask the customer to stay: that is the law's, not the house's
    ...(stops && !enabled ? [{ param: 'enabled', code: 'retention_source_stops' }] : []),
    ...(stops && words.length === 0 ? [{ param: 'words', code: 'retention_source_wordless' }] : []),
    ...(stops && draws ? [{ param: 'draws', code: 'retention_source_draws' }] : []),
    ...(nightly && !before?.filter ? [{ param: 'nightly', code: 'retention_source_unfiltered' }] : []),
  ];
}

/** What an item is checked against. */
export interface Beside {
  known: KnownCodes;
  /** As it is kept; null: a new one. */
  before: SetupItem | null;
  /** The others of its list. */
  others: readonly SetupItem[];
}

/** @throws InvalidInput at each field that is wrong */
export function checkItem(item: SetupItem, { known, before, others }: Beside): void {
  const faults = 'starFrom' in item ? aimFaults(item, known) : [];
  if (isSource(item)) faults.push(...sourceFaults(item, before as SourceAsKept | null));
  // who leaves is asked why and where to: without an answer to choose no such case could be closed
  if (isAnswer(item) && !item.enabled && !others.some(({ enabled }) => enabled)) faults.push({ param: 'enabled', code: 'retention_last_answer' });
  if (faults.length > 0) throw new InvalidInput(faults);
}

export interface Change {
  from: unknown;
  to: unknown;
}

/** Lists whose order says nothing. */
const SETS = ['sources', 'reasons'];

/** The same text for the same content, in whatever order its keys stand. */
function plain(name: string, value: unknown): string {
  const inOrder = (_: string, part: unknown): unknown =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part;
  return JSON.stringify(SETS.includes(name) && Array.isArray(value) ? [...(value as string[])].sort() : (value ?? null), inOrder);
}

/** What differs, by field; of a new one all there is. */
export function changesOf(before: object | null, after: object): Record<string, Change> {
  const was = (before ?? {}) as Record<string, unknown>;
  const differs = ([name, to]: [string, unknown]): boolean => plain(name, was[name]) !== plain(name, to);
  const changed = Object.entries(after).filter(differs);
  return Object.fromEntries(changed.map(([name, to]) => [name, { from: was[name] ?? null, to: to as unknown }]));
}
