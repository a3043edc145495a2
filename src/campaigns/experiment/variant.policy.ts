import { DomainError } from '../../kernel/errors.js';
import { parseScript } from '../script/script-form.policy.js';
import type { Script } from '../script/script.types.js';
import type { Variant } from './variant.types.js';

/** Besides the campaign's own script: more of them never have enough people each. */
export const MOST_VARIANTS = 3;

/** A is the campaign's own script, B, C, D are the tried ones in their order. */
export const variantKey = (index: number): string => String.fromCharCode(65 + index);

/** What is left for the campaign's own script, in per cent. */
export const ownPercent = (variants: readonly Pick<Variant, 'percent'>[]): number => 100 - variants.reduce((sum, { percent }) => sum + percent, 0);

/** Which script falls to a place of 0–9999: 0 is the campaign's own. */
export function variantAt(variants: readonly Pick<Variant, 'percent'>[], place: number): number {
  let upTo = ownPercent(variants) * 100;
  let index = 0;
  for (const { percent } of variants) {
    if (place < upTo) break;
    upTo += percent * 100;
    index += 1;
  }
  return index;
}

const fault = (why: string): DomainError => new DomainError('variants_invalid', { param: 'variants', params: { why, max: MOST_VARIANTS } });

function variantFrom(input: unknown, index: number): Variant {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw fault(`${index + 1}`);
  const { name, percent, script } = input as Record<string, unknown>;
  if (name !== undefined && name !== null && typeof name !== 'string') throw fault('name');
  if (typeof percent !== 'number' || !Number.isInteger(percent) || percent < 1) throw fault('percent');
  return { name: name?.trim().slice(0, 40) || variantKey(index + 1), percent, script: parseScript(script) };
}

/**
 * The tried scripts as they come from outside: `[{ name?, percent, script }]`, whole per cents, of which at least one is left for the own script.
 * @throws DomainError `variants_invalid`, `variants_too_much`, `script_invalid`, `script_too_long`
 */
export function parseVariants(input: unknown): Variant[] {
  if (input === undefined || input === null) return [];
  if (!Array.isArray(input) || input.length > MOST_VARIANTS) throw fault('variants');
  const variants = input.map(variantFrom);
  if (ownPercent(variants) < 1) throw new DomainError('variants_too_much', { param: 'percent', params: { percent: 100 - ownPercent(variants) } });
  return variants;
}

/** What must not change once customers have been drawn: how many scripts there are and how many people each has. */
export const sharesOf = (variants: readonly Variant[]): number[] => variants.map(({ percent }) => percent);

/** Every script of a campaign by its letter, the own one first. */
export const arms = (campaign: {
  script: Script;
  variants: readonly Variant[];
}): { key: string; name: string | null; percent: number; script: Script }[] => [
  { key: variantKey(0), name: null, percent: ownPercent(campaign.variants), script: campaign.script },
  ...campaign.variants.map((variant, index) => ({ key: variantKey(index + 1), ...variant })),
];
