import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worded } from '../../kernel/errors.js';

export const LOCALES = ['zh', 'en'] as const;
export type Locale = (typeof LOCALES)[number];
export const isLocale = (text: unknown): text is Locale => LOCALES.includes(text as Locale);

export type TextParams = Record<string, unknown>;

/**
 * Every sentence of the product by flat key and language. One file a module and language
 * (`templates/locales/zh/campaigns.json`). A key with `_one` beside it is the singular of languages that have one.
 */
export class Catalogue {
  private readonly plurals: Record<Locale, Intl.PluralRules> = { zh: new Intl.PluralRules('zh-CN'), en: new Intl.PluralRules('en') };

  constructor(private readonly texts: Record<Locale, ReadonlyMap<string, string>>) {}

  /** Reads all files below `folder`; the same key in two files of a language is a fault of the build. */
  static load(folder: string): Catalogue {
    return new Catalogue({ zh: readLocale(join(folder, 'zh')), en: readLocale(join(folder, 'en')) });
  }

  has(key: string, locale: Locale = 'zh'): boolean {
    return this.texts[locale].has(key);
  }

  keys(locale: Locale): string[] {
    return [...this.texts[locale].keys()];
  }

  /**
   * The text of `key` with `{name}` replaced by the parameters; `count` picks the plural form. Numbers are grouped
   * (36,912): pass a string where that is wrong, as in a year. A value that is itself `{ key, params }` is said in the same language. Falls back to
   * Chinese, then to the key itself.
   */
  t(locale: Locale, key: string, params: TextParams = {}): string {
    const text = this.find(locale, key, params.count) ?? this.find('zh', key, params.count) ?? key;
    return text.replace(/(?<!\{)\{(\w+)\}(?!\})/g, (hole, name: string) => (name in params ? this.valueText(locale, params[name]) : hole));
  }

  private valueText(locale: Locale, value: unknown): string {
    return isWorded(value) ? this.t(locale, value.key, value.params) : asText(value);
  }

  private find(locale: Locale, key: string, count: unknown): string | undefined {
    const form = typeof count === 'number' ? this.texts[locale].get(`${key}_${this.plurals[locale].select(count)}`) : undefined;
    return form ?? this.texts[locale].get(key);
  }
}

const isWorded = (value: unknown): value is Worded => typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string';

/** Made once: a file of a million faults tells a number in each. */
const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

function asText(value: unknown): string {
  if (typeof value === 'number') return GROUPED.format(value);
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint' ? `${value}` : '';
}

function readLocale(folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  if (!existsSync(folder)) return texts;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const entries = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>;
    for (const [key, text] of Object.entries(entries)) {
      if (texts.has(key)) throw new Error(`text "${key}" stands twice, the second time in ${join(folder, name)}`);
      texts.set(key, text);
    }
  }
  return texts;
}
