import { InvalidInput } from '../../kernel/errors.js';
import type { CareRule } from '../care.types.js';
import { type SettingField, type Settings, STARS } from './setting.types.js';

interface Fault {
  /** Of a field with a value for each star: the one that is wrong. */
  star?: string;
  code: string;
  params?: Record<string, string | number>;
}
type Checked = { value: unknown } | { fault: Fault };

const MAX_WORDS = 30;
const MAX_LENGTH = 64;

const fault = (code: string, params: Record<string, string | number> = {}): Checked => ({ fault: { code, params } });
const isWholeIn = (value: unknown, min: number, max: number): value is number =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

export const defaultsOf = (fields: readonly SettingField[]): Settings => Object.fromEntries(fields.map((field) => [field.name, field.initial]));

function checkByStar(field: SettingField & { kind: 'by-star' }, value: unknown): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault('setting_by_star');
  const given = Object.entries(value);
  const range = { min: field.min, max: field.max };
  for (const [star, number] of given) {
    if (!STARS.includes(star as (typeof STARS)[number])) return fault('setting_star_unknown', { star });
    if (!isWholeIn(number, field.min, field.max)) return { fault: { star, code: 'setting_range', params: range } };
  }
  return { value: { ...field.initial, ...Object.fromEntries(given) } };
}

function checkWords(value: unknown): Checked {
  if (!Array.isArray(value) || value.length > MAX_WORDS) return fault('setting_words', { max: MAX_WORDS });
  const words = value.map((word: unknown) => (typeof word === 'string' ? word.trim() : ''));
  return words.some((word) => word === '' || word.length > MAX_LENGTH) ? fault('setting_words', { max: MAX_WORDS }) : { value: [...new Set(words)] };
}

function checkStars(value: unknown): Checked {
  if (!Array.isArray(value) || !value.every((star) => isWholeIn(star, 1, 7))) return fault('setting_stars');
  return { value: [...new Set(value)].sort((a, b) => a - b) };
}

function checkField(field: SettingField, value: unknown): Checked {
  switch (field.kind) {
    case 'choice':
      return typeof value === 'string' && field.choices.includes(value) ? { value } : fault('setting_choice', { choices: field.choices.join(', ') });
    case 'number':
      return isWholeIn(value, field.min, field.max) ? { value } : fault('setting_range', { min: field.min, max: field.max });
    case 'flag':
      return typeof value === 'boolean' ? { value } : fault('setting_flag');
    case 'by-star':
      return checkByStar(field, value);
    case 'stars':
      return checkStars(value);
    case 'words':
      return checkWords(value);
    case 'template':
      return typeof value === 'string' && /^[\p{L}\p{N}._-]{1,64}$/u.test(value) ? { value } : fault('setting_code');
  }
}

const faultAt = (name: string, { star, ...wrong }: Fault) => ({ param: `settings.${name}${star === undefined ? '' : `.${star}`}`, ...wrong });

/**
 * Settings as given, complete: what is left out has its default.
 * @throws InvalidInput at `settings.<name>`: setting_unknown, setting_range, setting_choice …
 */
export function readSettings(fields: readonly SettingField[], given: Readonly<Record<string, unknown>>): Settings {
  const known = new Map(fields.map((field) => [field.name, field]));
  const settings: Record<string, unknown> = { ...defaultsOf(fields) };
  const faults: { param: string; code: string; params?: Record<string, string | number> }[] = [];
  for (const [name, value] of Object.entries(given)) {
    const field = known.get(name);
    const checked = field ? checkField(field, value) : fault('setting_unknown', { name });
    if ('fault' in checked) faults.push(faultAt(name, checked.fault));
    else settings[name] = checked.value;
  }
  if (faults.length > 0) throw new InvalidInput(faults);
  return settings;
}

/** @throws InvalidInput as {@link readSettings}, and for what is wrong between several settings */
export function checkedSettings(rule: Pick<CareRule, 'fields' | 'check'>, given: Readonly<Record<string, unknown>>): Settings {
  const settings = readSettings(rule.fields, given);
  const wrong = rule.check?.(settings);
  if (wrong) throw new InvalidInput([{ param: `settings.${wrong.name}`, code: wrong.code, ...(wrong.params ? { params: wrong.params } : {}) }]);
  return settings;
}

const numberFrom = (text: string | undefined): number => (text === undefined || text.trim() === '' ? NaN : Number(text));
const splitWords = (text: string): string[] => text.split(/[,，、;；\s]+/u).filter((word) => word !== '');

function fromForm(field: SettingField, body: Readonly<Record<string, string | undefined>>): unknown {
  const text = body[field.name];
  switch (field.kind) {
    case 'number':
      return numberFrom(text);
    case 'flag':
      return text !== undefined;
    case 'by-star':
      return Object.fromEntries(STARS.map((star) => [star, numberFrom(body[`${field.name}.${star}`])]));
    case 'stars':
      return STARS.filter((star) => body[`${field.name}.${star}`] !== undefined).map(Number);
    case 'words':
      return splitWords(text ?? '');
    default:
      return text ?? '';
  }
}

/** What a form of the page says, in the shape of the API: `months.7` becomes `months: { 7: … }`, an absent check box is a no. */
export const settingsFromForm = (fields: readonly SettingField[], body: Readonly<Record<string, string | undefined>>): Settings =>
  Object.fromEntries(fields.map((field) => [field.name, fromForm(field, body)]));
