import type { CareRule } from './care.types.js';
import type { RuleVersion } from './care-rules.queries.js';
import { readSettings } from './rules/settings.policy.js';
import type { FittingTemplate } from './rule-templates.queries.js';
import { type SettingField, type Settings, STARS } from './rules/setting.types.js';

/** Where a form's texts come from: the stored settings, or what was typed. */
type TextOf = (name: string) => string | undefined;

const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');

/** The texts a form shows for stored settings, under the names of its inputs. */
export function textsOf(fields: readonly SettingField[], settings: Settings): Map<string, string> {
  const texts = new Map<string, string>();
  for (const field of fields) {
    const value = settings[field.name];
    if (field.kind === 'by-star') for (const [star, n] of Object.entries(value as object)) texts.set(`${field.name}.${star}`, plain(n));
    else if (field.kind === 'stars') for (const star of value as number[]) texts.set(`${field.name}.${star}`, 'on');
    else if (field.kind === 'words') texts.set(field.name, (value as string[]).join('、'));
    else if (field.kind !== 'flag') texts.set(field.name, plain(value));
    else if (value === true) texts.set(field.name, 'on');
  }
  return texts;
}

/** The texts to choose from, and the one that stands there though it does not fit: nothing is changed by looking. */
export function templateChoices(fitting: readonly FittingTemplate[], value: string | undefined) {
  const choices = fitting.map(({ code, name }) => ({ code, label: `${name} · ${code}` }));
  return !value || fitting.some(({ code }) => code === value) ? choices : [{ code: value, label: value }, ...choices];
}

/** One thing that a version set otherwise than the one before it. */
export interface SettingChange {
  name: string;
  kind: SettingField['kind'];
  star: string | null;
  before: string | undefined;
  after: string | undefined;
}

type Input = Pick<SettingChange, 'name' | 'kind' | 'star'> & { input: string };

function changesOf(fields: readonly SettingField[], before: Settings, after: Settings): SettingChange[] {
  const [was, is] = [textsOf(fields, before), textsOf(fields, after)];
  const inputs = fields.flatMap(({ name, kind }): Input[] =>
    kind === 'by-star' || kind === 'stars'
      ? STARS.map((star) => ({ name, kind, star, input: `${name}.${star}` }))
      : [{ name, kind, star: null, input: name }],
  );
  return inputs
    .map(({ input, ...field }) => ({ ...field, before: was.get(input), after: is.get(input) }))
    .filter((change) => (change.before ?? '') !== (change.after ?? ''));
}

/** Each version with what it changed, the newest first; of the oldest that is read nothing is known to compare it with. */
export function versionViews(rule: Pick<CareRule, 'fields'>, versions: readonly RuleVersion[]) {
  return versions.map((version, i) => {
    const older = versions[i + 1];
    if (!older) return { ...version, first: version.version === 1, changes: [], switched: false };
    const [before, after] = [readSettings(rule.fields, older.settings), readSettings(rule.fields, version.settings)];
    return { ...version, first: false, changes: changesOf(rule.fields, before, after), switched: older.enabled !== version.enabled };
  });
}

/** One setting as the template draws it. */
export function fieldView(field: SettingField, text: TextOf) {
  const stars =
    field.kind === 'by-star' || field.kind === 'stars'
      ? STARS.map((star) => ({ star, input: `${field.name}.${star}`, error: `settings.${field.name}.${star}`, value: text(`${field.name}.${star}`) }))
      : [];
  return {
    name: field.name,
    kind: field.kind,
    error: `settings.${field.name}`,
    value: text(field.name),
    choices: field.kind === 'choice' ? field.choices : [],
    min: 'min' in field ? field.min : undefined,
    max: 'max' in field ? field.max : undefined,
    stars,
  };
}
