import type { SettingField, Settings } from './rules/setting.types.js';
import { STARS } from './rules/settings.policy.js';

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

/** One setting as the template draws it. */
export function fieldView(field: SettingField, text: TextOf) {
  const stars =
    field.kind === 'by-star' || field.kind === 'stars'
      ? STARS.map((star) => ({ star, input: `${field.name}.${star}`, value: text(`${field.name}.${star}`) }))
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
