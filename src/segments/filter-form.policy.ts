import { fieldOf } from './filter/fields.policy.js';
import type { Condition, FilterValue, Op } from './filter/filter.types.js';
import { isTree } from './filter/read-filter.policy.js';

/** A condition as a form holds it: what is asked, `starLevel.in`, and the text or the ticked choices of its box. */
export interface FormRow {
  ask: string;
  value: string | string[];
}

/** Conditions that stand together. Groups must all hold; whom the group `x` means is left out. */
export interface FormGroup {
  key: string;
  join: 'and' | 'or';
  rows: FormRow[];
}

export type Posted = Readonly<Record<string, unknown>>;
type Raw = Readonly<Record<string, unknown>>;

export const EXCLUDE = 'x';
const MONEY = /Fen$/;

const join = (value: unknown, otherwise: 'and' | 'or'): 'and' | 'or' => (value === 'and' || value === 'or' ? value : otherwise);
const boxed = (value: unknown): string | string[] => (Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.trim() : '');

/** The groups of a posted form, the one to leave out last; there is always one of each. */
export function groupsOf(body: Posted): FormGroup[] {
  const rows = Object.keys(body).flatMap((name) => {
    const found = /^(g\d|x)\.(\d{1,2})\.ask$/.exec(name);
    const [, key = '', place = ''] = found ?? [];
    return found ? [{ key, place: Number(place), ask: String(body[name]), value: boxed(body[`${key}.${place}.value`]) }] : [];
  });
  const keys = Object.keys(body).flatMap((name) => /^(g\d)\.join$/.exec(name)?.[1] ?? []);
  return [...[...new Set(['g0', ...keys])].sort(), EXCLUDE].map((key) => ({
    key,
    join: join(body[`${key}.join`], key === EXCLUDE ? 'or' : 'and'),
    rows: rows
      .filter((row) => row.key === key)
      .sort((a, b) => a.place - b.place)
      .map(({ ask, value }) => ({ ask, value })),
  }));
}

/** What a pressed button does to the groups: `add:g0`, `remove:g0.1`, `group`. Anything else changes nothing. */
export function pressed(groups: readonly FormGroup[], body: Posted): FormGroup[] {
  const [deed, target = ''] = (typeof body.do === 'string' ? body.do : '').split(':');
  const [key, place] = target.split('.');
  const fresh = body[`${key}.new`];
  if (deed === 'add' && typeof fresh === 'string' && fieldOf(fresh.split('.')[0])) {
    return groups.map((group) => (group.key === key ? { ...group, rows: [...group.rows, { ask: fresh, value: '' }] } : group));
  }
  if (deed === 'remove') {
    return groups.map((group) => (group.key === key ? { ...group, rows: group.rows.filter((_row, i) => i !== Number(place)) } : group));
  }
  if (deed === 'group' && groups.length < 10) {
    return [...groups.slice(0, -1), { key: `g${groups.length - 1}`, join: 'or', rows: [] }, ...groups.slice(-1)];
  }
  return [...groups];
}

/** A word that holds what words are parted by stands in quotes, as in a CSV. */
const PARTED = /[,，、;；\n]/;
const WORD = /\s*"((?:[^"]|"")*)"\s*(?=[,，、;；\n]|$)|[^,，、;；\n]+/g;
const inBox = (word: string): string => (PARTED.test(word) || word.startsWith('"') ? `"${word.replaceAll('"', '""')}"` : word);
const wordsIn = (text: string): string[] => [...text.matchAll(WORD)].map(([bare, quoted]) => quoted?.replaceAll('""', '"') ?? bare);
const words = (value: string | string[]): string[] =>
  (Array.isArray(value) ? value : wordsIn(value)).map((word) => word.trim()).filter((word) => word !== '');
const figure = (text: unknown, money: boolean): unknown => {
  if (typeof text !== 'string' || text.trim() === '') return null;
  return money ? Math.round(Number(text) * 100) : Number(text);
};

/** What was typed, as the filter takes it; what makes no sense stays as it is and is refused with its sentence. */
function valueOf(name: string, op: Op, value: string | string[]): unknown {
  const kind = fieldOf(name)?.kind;
  const list = op === 'in' || op === 'notIn';
  const text = Array.isArray(value) ? value[0] : value;
  if (kind === 'whole') return list ? words(value).map((word) => figure(word, MONEY.test(name))) : figure(text, MONEY.test(name));
  if (kind === 'ago') return figure(text, false);
  if (kind === 'flag') return text === 'true' ? true : text === 'false' ? false : null;
  if (kind === 'part') {
    const [, part, from, to] = /^(.+?)\s+([\d.]+)\s*[-–~到]\s*([\d.]+)%?$/.exec(text ?? '') ?? [];
    return part ? { name: part, from: Number(from), to: Number(to) } : null;
  }
  if (!list) return text;
  const several = words(value);
  return several.length > 0 ? several : null;
}

function conditionOf({ ask, value }: FormRow): object {
  const [field = '', op = ''] = ask.split('.');
  return { field, op, value: valueOf(field, op as Op, value) };
}

/** The filter a form means, as a pair of trees; groups without conditions do not count. */
export function filterOf(groups: readonly FormGroup[]): Record<string, unknown> {
  const filled = groups.filter((group) => group.rows.length > 0);
  const tree = (group: FormGroup): object => ({ [group.join]: group.rows.map(conditionOf) });
  const include = filled.filter((group) => group.key !== EXCLUDE).map(tree);
  const exclude = filled.filter((group) => group.key === EXCLUDE).map(tree)[0];
  return { ...(include.length > 0 ? { include: { and: include } } : {}), ...(exclude || include.length === 0 ? { exclude: exclude ?? null } : {}) };
}

/** Where the row of a form stands in the filter it makes: the address a refusal names. */
export function pathOf(groups: readonly FormGroup[], group: FormGroup, row: number): string {
  if (group.key === EXCLUDE) return `filter.exclude.${group.join}.${row}`;
  const before = groups.filter((one) => one.key !== EXCLUDE && one.rows.length > 0).findIndex((one) => one.key === group.key);
  return `filter.include.and.${before}.${group.join}.${row}`;
}

/** The text of a value in its box. */
export function boxText(field: string, value: FilterValue): string | string[] {
  const shown = (one: unknown): string => (MONEY.test(field) ? String(Number(one) / 100) : String(one));
  if (value === null) return '';
  if (Array.isArray(value)) return fieldOf(field)?.choices ? value.map(shown) : value.map(shown).map(inBox).join('，');
  if (typeof value === 'object' && 'name' in value) return `${value.name} ${value.from}-${value.to}`;
  return shown(value);
}

const isCondition = (node: unknown): node is Condition => typeof node === 'object' && node !== null && Object.hasOwn(node, 'field');
const rowOf = ({ field, op, value }: Condition): FormRow => ({
  ask: `${field}.${op}`,
  value: boxText(field, Array.isArray(value) || !['in', 'notIn'].includes(op) ? value : ([value] as string[])),
});

/** A condition, or conditions under one word, as a group; undefined for anything deeper. */
function flatGroup(node: unknown, key: string, otherwise: 'and' | 'or'): FormGroup | undefined {
  if (isCondition(node)) return { key, join: otherwise, rows: [rowOf(node)] };
  for (const word of ['and', 'or'] as const) {
    const children = (node as Raw)[word];
    if (Array.isArray(children) && children.every(isCondition)) return { key, join: word, rows: children.map(rowOf) };
  }
  return undefined;
}

/** A filter as the form shows it; undefined when it is deeper than the form, or written in the short form. */
export function formOf(raw: Raw): FormGroup[] | undefined {
  if (!isTree(raw)) return undefined;
  const pair = Object.hasOwn(raw, 'include') || Object.hasOwn(raw, 'exclude');
  const include = pair ? raw.include : raw;
  const whole = include ? flatGroup(include, 'g0', 'and') : { key: 'g0', join: 'and' as const, rows: [] };
  const parts = whole ? [whole] : ((include as Raw).and as unknown[] | undefined)?.map((node, i) => flatGroup(node, `g${i}`, 'and'));
  const exclude = raw.exclude && pair ? flatGroup(raw.exclude, EXCLUDE, 'or') : { key: EXCLUDE, join: 'or' as const, rows: [] };
  if (!parts || parts.length > 9 || !exclude) return undefined;
  const groups = parts.filter((group) => group !== undefined);
  return groups.length === parts.length ? [...groups, exclude] : undefined;
}
