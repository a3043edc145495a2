import type { Catalogue, Locale } from '../../platform/i18n/catalogue.js';

const DEED = 'audit.did.';
const THING = 'audit.of.';

/** A code of the log with its word; what nobody has named yet is shown by its code rather than not at all. */
interface Named {
  code: string;
  word: string;
}

function namedBy(prefix: string, catalogue: Catalogue, locale: Locale): Named[] {
  const keys = catalogue.keys('zh').filter((key) => key.startsWith(prefix));
  return keys.map((key) => ({ code: key.slice(prefix.length), word: catalogue.t(locale, key) }));
}

/** The words of the audit log in the reader's language, to show its codes by and to filter with. */
export class AuditWords {
  readonly deeds: readonly Named[];
  readonly things: readonly Named[];

  constructor(catalogue: Catalogue, locale: Locale) {
    this.deeds = namedBy(DEED, catalogue, locale);
    this.things = namedBy(THING, catalogue, locale);
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
