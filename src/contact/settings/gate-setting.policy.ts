import { InvalidInput } from '../../kernel/errors.js';
import { plain } from '../blocks/opt-out.policy.js';
import type { Slot } from '../contact.types.js';
import { GATE_RULES } from '../gate/gate.policy.js';
import { SETTING_RULES } from './gate-settings.policy.js';
import type { GateRule, GateSettings, SettingField } from '../gate/gate.types.js';
import { slotsText } from '../gate/window.rule.js';

export type SettingValue = number | readonly Slot[] | readonly string[];
type Part = (typeof SETTING_RULES)[number];

export interface SettingChange {
  field: SettingField;
  from: SettingValue;
  to: SettingValue;
}

export const partOf = (path: string): Part => path.split('.')[0] as Part;

export function valueAt(settings: GateSettings, path: string): SettingValue {
  const key = path.split('.')[1];
  const part = settings[partOf(path)];
  return (key === undefined ? part : (part as Record<string, SettingValue>)[key]) as SettingValue;
}

export function withValue(settings: GateSettings, path: string, value: SettingValue): GateSettings {
  const part = partOf(path);
  const key = path.split('.')[1];
  return { ...settings, [part]: key === undefined ? value : { ...(settings[part] as object), [key]: value } };
}

const isWords = (value: readonly Slot[] | readonly string[]): value is readonly string[] => value.every((one) => typeof one === 'string');

/** As people read and write it: `09:00–12:00 14:00–20:00`, `TD 退订`. */
export function textOf(value: SettingValue): string {
  if (typeof value === 'number') return String(value);
  return isWords(value) ? value.join(' ') : slotsText(value);
}

const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const SLOT = new RegExp(`^(${TIME})[-–~—](${TIME}|24:00)$`);

function slotsOf(input: unknown): Slot[] | null {
  const texts = Array.isArray(input)
    ? input.map((pair) => (Array.isArray(pair) ? pair.join('-') : ''))
    : String(input)
        .trim()
        .split(/[\s,，、;；]+/);
  const slots = texts.map((text) => SLOT.exec(text)).map((match): Slot => [match?.[1] ?? '', match?.[2] ?? '']);
  const sorted = slots.sort(([a], [b]) => a.localeCompare(b));
  // no slot at all would stop everything, and is never what was meant
  const sound = sorted.length > 0 && sorted.every(([from, to], i) => from !== '' && from < to && (i === 0 || (sorted[i - 1]?.[1] ?? '') <= from));
  return sound ? sorted : null;
}

const MOST_WORDS = 60;
const LONGEST_WORD = 20;

function wordsOf(field: SettingField, input: unknown): string[] {
  const typed = Array.isArray(input) ? input.map(String) : String(input).split(/[\s,，、;；]+/);
  const words = [...new Map(typed.filter((word) => plain(word) !== '').map((word) => [plain(word), word.trim()])).values()];
  if (words.length > MOST_WORDS || words.some((word) => word.length > LONGEST_WORD))
    throw new InvalidInput([{ param: field.path, code: 'gate_setting_words', params: { most: MOST_WORDS, longest: LONGEST_WORD } }]);
  const missing = (field.needed ?? []).filter((word) => !words.some((one) => plain(one) === plain(word)));
  if (missing.length > 0) throw new InvalidInput([{ param: field.path, code: 'gate_setting_words_needed', params: { words: missing.join(' ') } }]);
  return words;
}

/** One word cannot stop and resume at once. */
function requireApart({ replyWords: { stop, resume } }: GateSettings, path: string): void {
  const both = resume.filter((word) => stop.some((one) => plain(one) === plain(word)));
  if (both.length > 0) throw new InvalidInput([{ param: path, code: 'gate_setting_words_both', params: { words: both.join(' ') } }]);
}

const inside = (slots: readonly Slot[], hard: readonly Slot[]): boolean =>
  slots.every(([from, to]) => hard.some(([low, high]) => low <= from && to <= high));

function read(field: SettingField, input: unknown): SettingValue {
  if (field.kind === 'slots') {
    const slots = slotsOf(input);
    if (!slots) throw new InvalidInput([{ param: field.path, code: 'gate_setting_slots' }]);
    return slots;
  }
  if (field.kind === 'words') return wordsOf(field, input);
  const text = String(input).trim();
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < field.min || count > field.max)
    throw new InvalidInput([{ param: field.path, code: 'gate_setting_range', params: { min: field.min, max: field.max } }]);
  return count;
}

/** Nobody sets a working value beyond the hard one, administrators included: they move the hard one first. */
function requireWithin(field: SettingField, value: SettingValue, settings: GateSettings): void {
  const path = field.within ?? field.atLeast;
  if (path === undefined) return;
  const hard = valueAt(settings, path);
  const refuse = (code: string): never => {
    throw new InvalidInput([{ param: field.path, code, params: { limit: textOf(hard) } }]);
  };
  if (field.atLeast) return (value as number) >= (hard as number) ? undefined : refuse('gate_setting_below');
  const fits = typeof value === 'number' ? value <= (hard as number) : inside(value as readonly Slot[], hard as readonly Slot[]);
  if (!fits) refuse('gate_setting_beyond');
}

export const mayEdit = (role: string, field: SettingField): boolean => role === 'admin' || (role === 'planner' && field.level === 'working');

/**
 * What a form changes of a rule, the hard values first, so that a limit and what it allows can move together.
 * @throws InvalidInput gate_setting_unknown, _admin_only, _slots, _range, _beyond, _below, _words… at the setting
 */
export function changesOf(
  rule: GateRule,
  input: Readonly<Record<string, unknown>>,
  role: string,
  settings: GateSettings,
): { changes: SettingChange[]; after: GateSettings } {
  const fields = rule.settings ?? [];
  const unknown = Object.keys(input).find((path) => !fields.some((field) => field.path === path));
  if (unknown !== undefined) throw new InvalidInput([{ param: unknown, code: 'gate_setting_unknown' }]);
  const asked = [...fields].filter((field) => input[field.path] !== undefined).sort((a, b) => a.level.localeCompare(b.level));
  let after = settings;
  const changes: SettingChange[] = [];
  for (const field of asked) {
    const from = valueAt(settings, field.path);
    const to = read(field, input[field.path]);
    if (textOf(from) === textOf(to)) continue;
    if (!mayEdit(role, field)) throw new InvalidInput([{ param: field.path, code: 'gate_setting_admin_only' }]);
    requireWithin(field, to, after);
    after = withValue(after, field.path, to);
    if (field.kind === 'words') requireApart(after, field.path);
    changes.push({ field, from, to });
  }
  return { changes, after };
}

export const ruleOf = (reason: string): GateRule | undefined => GATE_RULES.find((rule) => rule.reason === reason);
