import type { Catalogue, Locale } from '../../platform/i18n/catalogue.js';
import { FIELD_WORDS, VALUE_WORDS } from './audit-vocabulary.js';

const DEED = 'audit.did.';
const THING = 'audit.of.';
const FIELD = 'audit.field.';
const STAR = /^[1-7]$/;

/** A code of the log with its word; what nobody has named yet is shown by its code rather than not at all. */
interface Named {
  code: string;
  word: string;
}

export interface AuditLine {
  label: string;
  value: string;
}

/** What an entry says, of which kind of thing. */
export interface AuditSaid {
  objectType: string;
  detail: string | null;
}

/** The values of an object with the way to each; lists are values. */
function flat(detail: object, path: readonly string[] = []): [path: string[], value: unknown][] {
  return Object.entries(detail).flatMap(([key, value]: [string, unknown]): [string[], unknown][] => {
    const here = [...path, key];
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? flat(value, here) : [[here, value]];
  });
}

function namedBy(prefix: string, catalogue: Catalogue, locale: Locale): Named[] {
  const keys = catalogue.keys('zh').filter((key) => key.startsWith(prefix));
  return keys.map((key) => ({ code: key.slice(prefix.length), word: catalogue.t(locale, key) }));
}

/** The words of the audit log in the reader's language, to show its codes by and to filter with: in page and file alike. */
export class AuditWords {
  readonly deeds: readonly Named[];
  readonly things: readonly Named[];

  constructor(
    private readonly catalogue: Catalogue,
    private readonly locale: Locale,
  ) {
    this.deeds = namedBy(DEED, catalogue, locale);
    this.things = namedBy(THING, catalogue, locale);
  }

  /** What an entry says beside who, what and when: each value with its word, those within others by both; what has no word yet is called as it is kept. */
  lines({ objectType, detail }: AuditSaid): AuditLine[] {
    return this.linesOf(detail ? (JSON.parse(detail) as object) : {}, objectType);
  }

  /** The lines as one text, for a cell. */
  text(said: AuditSaid): string {
    return this.joined(this.lines(said), '\n');
  }

  /** The deeds to choose from, by their words; what an address asks for beyond them (the beginning of a code) stays chosen. */
  choices(chosen: string | undefined): Named[] {
    const sorted = [...this.deeds].sort((a, b) => a.word.localeCompare(b.word, this.locale));
    return chosen && !sorted.some(({ code }) => code === chosen) ? [{ code: chosen, word: chosen }, ...sorted] : sorted;
  }

  private linesOf(said: object, of: string): AuditLine[] {
    return flat(said).map(([path, value]) => ({
      label: path.map((key) => this.fieldWord(of, key)).join(' · '),
      value: this.valueText(value, { of, field: path.findLast((key) => !STAR.test(key)) ?? '' }),
    }));
  }

  private joined(lines: readonly AuditLine[], by: string): string {
    return lines.map(({ label, value }) => `${label}${this.catalogue.t(this.locale, 'audit.colon')}${value}`).join(by);
  }

  private fieldWord(of: string, key: string): string {
    if (STAR.test(key)) return `★${key}`;
    return this.word([...(FIELD_WORDS[of] ?? []), FIELD], key);
  }

  /** The first of these catalogues that has the code, else the code. */
  private word(prefixes: readonly string[], code: string): string {
    const prefix = prefixes.find((one) => this.catalogue.has(`${one}${code}`));
    return prefix === undefined ? code : this.catalogue.t(this.locale, `${prefix}${code}`);
  }

  private valueText(value: unknown, at: { of: string; field: string }): string {
    if (value === null || value === '') return '—';
    if (typeof value === 'boolean') return this.catalogue.t(this.locale, value ? 'audit.yes' : 'audit.no');
    if (Array.isArray(value)) return value.map((one) => this.valueText(one, at)).join(this.catalogue.t(this.locale, 'audit.comma')) || '—';
    if (typeof value === 'object') return this.joined(this.linesOf(value, at.of), ' ');
    if (typeof value !== 'string') return JSON.stringify(value);
    return this.word(VALUE_WORDS[`${at.of}.${at.field}`] ?? VALUE_WORDS[at.field] ?? [], value);
  }

  deed = (code: string): string => wordOf(this.deeds, code);
  thing = (code: string): string => wordOf(this.things, code);

  /** What is typed may be the word as the table shows it or the code, of which the beginning is enough. */
  deedCode = (typed: string | undefined): string | undefined => codeOf(this.deeds, typed);

  /** `客户 4711` as `customer 4711`; the kind alone finds all of them. */
  thingCode(typed: string | undefined): string | undefined {
    const named = this.things.filter(({ word }) => typed === word || typed?.startsWith(`${word} `)).sort((a, b) => b.word.length - a.word.length);
    return named[0] && typed ? `${named[0].code}${typed.slice(named[0].word.length)}` : typed;
  }
}

const wordOf = (named: readonly Named[], code: string): string => named.find((one) => one.code === code)?.word ?? code;
const codeOf = (named: readonly Named[], typed: string | undefined): string | undefined => named.find(({ word }) => word === typed)?.code ?? typed;
