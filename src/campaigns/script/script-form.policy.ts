import { DomainError, InvalidInput } from '../../kernel/errors.js';
import type { Script, ScriptBranch, ScriptObjection } from './script.types.js';

export const EMPTY_SCRIPT: Script = { opening: '', branches: [], objections: [] };
const MAX_TEXT = 5_000;
const MAX_PARTS = 20;

const fault = (why: string): DomainError => new DomainError('script_invalid', { param: 'script', params: { why } });

function text(value: unknown, where: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw fault(where);
  if (value.length > MAX_TEXT) throw new DomainError('script_too_long', { param: 'script', params: { max: MAX_TEXT } });
  return value.replace(/\r\n/g, '\n').trim();
}

function parts(value: unknown, where: string): Record<string, unknown>[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_PARTS) throw fault(where);
  return value.map((part: unknown) => {
    if (typeof part !== 'object' || part === null) throw fault(where);
    return part as Record<string, unknown>;
  });
}

function starsOf(value: unknown): number[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw fault('stars');
  const stars = value.map(Number);
  if (stars.some((star) => !Number.isInteger(star) || star < 0 || star > 7)) throw fault('stars');
  return [...new Set(stars)].sort((a, b) => b - a);
}

function branchOf(part: Record<string, unknown>, index: number): ScriptBranch {
  const stars = starsOf(part.stars);
  return {
    key: text(part.key, 'branches') || `b${index + 1}`,
    title: text(part.title, 'branches') || `${index + 1}`,
    ...(stars.length > 0 ? { stars } : {}),
    text: text(part.text, 'branches'),
  };
}

const objectionOf = (part: Record<string, unknown>): ScriptObjection => ({
  title: text(part.title, 'objections'),
  text: text(part.text, 'objections'),
});

/**
 * A script as it comes from outside: the text of the opening alone, or `{ opening, branches, objections }`. Parts without text are dropped.
 * @throws DomainError `script_invalid`, `script_too_long`
 */
export function parseScript(input: unknown): Script {
  if (input === undefined || input === null) return EMPTY_SCRIPT;
  if (typeof input === 'string') return { ...EMPTY_SCRIPT, opening: text(input, 'opening') };
  if (typeof input !== 'object' || Array.isArray(input)) throw fault('script');
  const script = input as Record<string, unknown>;
  return {
    opening: text(script.opening, 'opening'),
    branches: parts(script.branches, 'branches')
      .map(branchOf)
      .filter((branch) => branch.text !== ''),
    objections: parts(script.objections, 'objections')
      .map(objectionOf)
      .filter((objection) => objection.title !== '' && objection.text !== ''),
  };
}

type Fields = Record<string, unknown>;
const list = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** The rows of a form: `branch0_title`, `branch0_stars` (repeated), `branch0_text`, `branch1_…`; `objection0_title` and so on. */
function rows(body: Fields, name: string): Fields[] {
  const found = new Map<number, Fields>();
  for (const [key, value] of Object.entries(body)) {
    const match = new RegExp(`^${name}(\\d{1,2})_(\\w+)$`).exec(key);
    if (!match?.[1] || !match[2]) continue;
    const row = found.get(Number(match[1])) ?? {};
    row[match[2]] = match[2] === 'stars' ? list(value) : value;
    found.set(Number(match[1]), row);
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
}

const typed = (value: unknown): string => (typeof value === 'string' ? value : '');
const isBlank = (value: unknown): boolean => typed(value).trim() === '';

const isEmptyRow = (row: Fields): boolean => isBlank(row.title) && isBlank(row.text);
const keptRows = (body: Fields, name: string): Fields[] => rows(body, name).filter((_, index) => body.remove !== `${name}${index}`);

/** The flat fields as a script, whatever is still missing: to hear how it sounds. `remove` names a row to leave out, such as `branch1`. */
export const scriptSoFar = (body: Fields): Script =>
  parseScript({ opening: body.opening, branches: keptRows(body, 'branch'), objections: keptRows(body, 'objection') });

interface Fault {
  param: string;
  code: string;
  params?: Record<string, string>;
}

/** Rows are counted as the page shows them again: without the empty ones. */
const faultsOf = (body: Fields, name: string, incomplete: (row: Fields) => (Omit<Fault, 'param'> & { box: string }) | undefined): Fault[] =>
  keptRows(body, name)
    .filter((row) => !isEmptyRow(row))
    .flatMap((row, index) => {
      const found = incomplete(row);
      return found ? [{ param: `${name}${index}_${found.box}`, code: found.code, ...(found.params ? { params: found.params } : {}) }] : [];
    });

const withoutText = ({ title, text }: Fields) =>
  isBlank(text) ? { box: 'text', code: 'script_text_missing', params: { title: typed(title).trim() } } : undefined;

/**
 * The script page's flat fields as a script; half a row is no row that may get lost without a word.
 * @throws InvalidInput `script_text_missing`, `script_title_missing` at the box of the row; DomainError as {@link parseScript}
 */
export function scriptFromForm(body: Fields): Script {
  const faults = [
    ...faultsOf(body, 'branch', withoutText),
    ...faultsOf(body, 'objection', (row) => withoutText(row) ?? (isBlank(row.title) ? { box: 'title', code: 'script_title_missing' } : undefined)),
  ];
  if (faults.length > 0) throw new InvalidInput(faults);
  return scriptSoFar(body);
}

/** The same for showing it again after a refusal: whatever was typed, also what no script may be. */
export function scriptAsTyped(body: Fields): Script {
  const branches = rows(body, 'branch').map((row, index) => ({
    key: `b${index + 1}`,
    title: typed(row.title),
    stars: list(row.stars).map(Number),
    text: typed(row.text),
  }));
  const objections = rows(body, 'objection').map((row) => ({ title: typed(row.title), text: typed(row.text) }));
  return {
    opening: typed(body.opening),
    branches: branches.filter(({ title, text: said }) => title !== '' || said !== ''),
    objections: objections.filter(({ title, text: said }) => title !== '' || said !== ''),
  };
}
