import { addDays, type Day, dayStart, isDay } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { FilterAt, FilterValue, Op, Part } from './filter.types.js';

export type KindName = 'whole' | 'word' | 'choice' | 'day' | 'flag' | 'ago' | 'named' | 'part';

/** What is wrong with a value, as a sentence of the catalogue and what it names. */
export interface ValueFault {
  code: string;
  params: Record<string, string | number>;
}

export interface Field {
  kind: KindName;
  ops: readonly Op[];
  choices?: readonly string[];
  /** Reads the line a customer is reached on, `l`. */
  line?: boolean;
  /** The value as SQL takes it, or what is wrong with it. `known` and `unknown` have none. */
  read(op: Op, value: unknown): { value: FilterValue } | { fault: ValueFault };
  /** Over `customers.v_customer c`; null counts as no. `notIn` and `notWithin` are asked as `in` and `within`, and turned round. */
  condition(op: Op, value: FilterValue, at: FilterAt): Sql;
  /** The condition is never null. */
  certain?: boolean;
}

const MOST_VALUES = 500;
const LONGEST_WORD = 100;
const MOST_DAYS = 3_650;
const KNOWN: readonly Op[] = ['known', 'unknown'];

const fault = (code: string, params: ValueFault['params'] = {}): { fault: ValueFault } => ({ fault: { code, params } });

/** One value may stand without its list. */
function listOf<T extends string | number>(value: unknown, fits: (one: unknown) => one is T, wrong: ValueFault) {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.length <= MOST_VALUES && values.every(fits) ? { value: values } : { fault: wrong };
}

/** Whether something is known; every other question goes on to the kind. */
const orKnown =
  (column: Sql, ask: Field['condition']): Field['condition'] =>
  (op, value, at) =>
    op === 'known' ? sql`${column} is not null` : op === 'unknown' ? sql`${column} is null` : ask(op, value, at);

const isWord = (one: unknown): one is string => typeof one === 'string' && one.length > 0 && one.length <= LONGEST_WORD;
const wordFault: ValueFault = { code: 'filter_value_word', params: { longest: LONGEST_WORD, most: MOST_VALUES } };

export function whole(column: Sql, min: number, max: number): Field {
  const fits = (one: unknown): one is number => typeof one === 'number' && Number.isInteger(one) && one >= min && one <= max;
  const wrong: ValueFault = { code: 'filter_value_whole', params: { min, max } };
  return {
    kind: 'whole',
    ops: ['in', 'notIn', 'atLeast', 'atMost', ...KNOWN],
    read: (op, value) => (op === 'in' || op === 'notIn' ? listOf(value, fits, wrong) : fits(value) ? { value } : { fault: wrong }),
    condition: orKnown(column, (op, value) => {
      if (op === 'atLeast') return sql`${column} >= ${value}::int`;
      return op === 'atMost' ? sql`${column} <= ${value}::int` : sql`${column} = any(${value}::int[])`;
    }),
  };
}

export const word = (column: Sql): Field => ({
  kind: 'word',
  ops: ['in', 'notIn', ...KNOWN],
  read: (_op, value) => listOf(value, isWord, wordFault),
  condition: orKnown(column, (_op, value) => sql`${column} = any(${value}::text[])`),
});

export function choice(column: Sql, choices: readonly string[]): Field {
  const fits = (one: unknown): one is string => typeof one === 'string' && choices.includes(one);
  const wrong: ValueFault = { code: 'filter_value_choice', params: { choices: choices.join(', ') } };
  return { ...word(column), kind: 'choice', choices, read: (_op, value) => listOf(value, fits, wrong) };
}

export const day = (column: Sql): Field => ({
  kind: 'day',
  ops: ['atLeast', 'atMost', ...KNOWN],
  read: (_op, value) => (typeof value === 'string' && isDay(value) ? { value } : fault('filter_value_day')),
  condition: orKnown(column, (op, value) => (op === 'atLeast' ? sql`${column} >= ${value}::date` : sql`${column} <= ${value}::date`)),
});

export const flag = (column: Sql): Field => ({
  kind: 'flag',
  ops: ['is', ...KNOWN],
  choices: ['true', 'false'],
  read: (_op, value) => (typeof value === 'boolean' ? { value } : fault('filter_value_flag')),
  condition: orKnown(column, (_op, value) => sql`${column} = ${value}::boolean`),
});

/** Something that happened today or on one of the last n days. `happened` gets the first instant, or day, that counts. */
export const ago = (happened: (since: { instant: Date; day: Day }) => Sql): Field => ({
  kind: 'ago',
  ops: ['within', 'notWithin'],
  certain: true,
  read: (_op, value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_DAYS
      ? { value }
      : fault('filter_value_days', { most: MOST_DAYS }),
  condition: (_op, value, at) => {
    const since = addDays(at.today, -Number(value));
    return happened({ instant: dayStart(since), day: since });
  },
});

/** One of several things named by their codes. */
export const named = (among: (codes: FilterValue, at: FilterAt) => Sql): Field => ({
  kind: 'named',
  ops: ['in', 'notIn'],
  read: (_op, value) => listOf(value, isWord, wordFault),
  condition: (_op, value, at) => among(value, at),
});

function readPart(value: unknown): { value: Part } | { fault: ValueFault } {
  const { name, from, to } = (value ?? {}) as Partial<Part>;
  const share = (one: unknown): one is number => typeof one === 'number' && one >= 0 && one <= 100;
  return isWord(name) && share(from) && share(to) && from < to ? { value: { name, from, to } } : fault('filter_value_part');
}

/** A hundredth of a per cent is the finest cut. */
export const part = (bucket: (name: string) => Sql): Field => ({
  kind: 'part',
  ops: ['part'],
  certain: true,
  read: (_op, value) => readPart(value),
  condition: (_op, value) => {
    const { name, from, to } = value as Part;
    const of = bucket(name);
    return sql`(${of} >= ${Math.round(from * 100)}::int and ${of} < ${Math.round(to * 100)}::int)`;
  },
});
