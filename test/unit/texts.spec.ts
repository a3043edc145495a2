import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '../../src/contact/contact.types.js';
import { GATE_RULES } from '../../src/contact/gate/gate.policy.js';
import { viewHelpers } from '../../src/platform/views/vocabulary.js';
import { Catalogue } from '../../src/platform/i18n/catalogue.js';

function files(folder: string, extension: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name));
}

const read = (file: string): string => readFileSync(file, 'utf8');
const catalogue = Catalogue.load('templates/locales');
const templates = files('templates', '.hbs').filter((file) => !file.includes('/public/'));
const sources = files('src', '.ts').filter((file) => !file.endsWith('.spec.ts'));
const singular = (key: string): string => key.replace(/_(one|other)$/, '');
const known = new Set(catalogue.keys('zh'));

describe('texts', () => {
  it('has the same keys in Chinese and in English', () => {
    const english = new Set(catalogue.keys('en').map((key) => (known.has(key) ? key : singular(key))));
    expect([...english].filter((key) => !known.has(key))).toEqual([]);
    expect([...known].filter((key) => !english.has(key))).toEqual([]);
  });

  it('has the same holes in both languages', () => {
    const holes = (text: string): string => [...new Set([...text.matchAll(/(?<!\{)\{(\w+)\}(?!\})/g)].map(([, name]) => name))].sort().join();
    const english = (key: string): string => (catalogue.has(key, 'en') ? catalogue.t('en', key) : '');
    expect([...known].filter((key) => holes(catalogue.t('zh', key)) !== holes(english(key)))).toEqual([]);
  });

  it('has no template that writes a field by the name of a helper: the helper would answer, without a value', () => {
    const helpers = Object.entries(viewHelpers(catalogue)).flatMap(([name, helper]) =>
      helper.length > 1 || ['day', 'time', 'count'].includes(name) ? [name] : [],
    );
    const alone = new RegExp(`\\{\\{(${helpers.join('|')})\\}\\}`);
    expect(templates.filter((file) => alone.test(read(file)))).toEqual([]);
  });

  it('has every text a template asks for', () => {
    const asked = templates.flatMap((file) => [...read(file).matchAll(/[({]\s*t "([^"]+)"/g)].map(([, key]) => `${key ?? ''} (${file})`));
    expect(asked.filter((entry) => !known.has(entry.split(' ')[0] ?? ''))).toEqual([]);
  });

  it('has a sentence for every error the code throws, in each module that speaks', () => {
    const speaks = (file: string): boolean => existsSync(`templates/locales/zh/${file.split('/')[1] ?? ''}.json`);
    const thrown = sources
      .filter(speaks)
      .flatMap((file) => [...read(file).matchAll(/new DomainError\(\s*'([a-z_0-9]+)'/g)].map(([, code]) => `${code ?? ''} (${file})`));
    expect(thrown.filter((entry) => !known.has(`error.${entry.split(' ')[0] ?? ''}`))).toEqual([]);
  });

  it('GOV-1 names every reason wherever one is shown', () => {
    const places = ['contact.reason.', 'campaigns.excluded.', 'sms.reason.'];
    expect(places.flatMap((place) => REASONS.map((reason) => place + reason)).filter((key) => !known.has(key))).toEqual([]);
    const ruled = REASONS.slice(0, GATE_RULES.length).flatMap((reason) =>
      ['refusal', 'rule', 'about', 'no_override'].map((kind) => `contact.${kind}.${reason}`),
    );
    expect(ruled.filter((key) => !known.has(key))).toEqual([]);
  });

  it('SYS-2 names every kind of sealed text, for who changes keys', () => {
    const declared = sources.flatMap((file) => [...read(file).matchAll(/sealedColumn\(\{ table: '([\w.]+)'/g)].map(([, table]) => table));
    expect(declared.length).toBeGreaterThan(4);
    expect(declared.filter((table) => !known.has(`customers.sealed.${table ?? ''}`))).toEqual([]);
  });

  it('has a short word for every reason a row is refused by, for the filter of its page', () => {
    const reasons = [...known].filter((key) => key.startsWith('feeds.reject.'));
    expect(reasons.filter((key) => !known.has(key.replace('feeds.reject.', 'feeds.short.')))).toEqual([]);
  });

  it('SYS-2 has a word for everything the audit log is told, and each word once, so that one can filter by it', () => {
    const facts = sources.flatMap((file) => [...read(file).matchAll(/action: '([\w.-]+)', object: '([\w-]+)'/g)]);
    const asked = new Set(facts.flatMap(([, action, object]) => [`audit.did.${action ?? ''}`, `audit.of.${object ?? ''}`]));
    expect(asked.size).toBeGreaterThan(100);
    expect([...asked].filter((key) => !known.has(key))).toEqual([]);
    for (const locale of ['zh', 'en'] as const) {
      for (const kind of ['audit.did.', 'audit.of.']) {
        const words = [...known].filter((key) => key.startsWith(kind)).map((key) => catalogue.t(locale, key));
        expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
      }
    }
  });

  it('keeps every sentence out of the templates', () => {
    const spoken = templates.filter(
      (file) => !file.endsWith('ui/language.hbs') && /[\u4e00-\u9fff]/.test(read(file).replace(/\{\{!--[\s\S]*?--\}\}/g, '')),
    );
    expect(spoken).toEqual([]);
  });

  it('writes full-width punctuation between Chinese characters', () => {
    const half = [...known].filter((key) => /[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]/.test(catalogue.t('zh', key)));
    expect(half).toEqual([]);
  });
});

describe('templates', () => {
  it.each([
    ['inline styles', /\sstyle=/],
    ['inline scripts', /<script(?![^>]*\ssrc=)/],
    ['event attributes', /\son[a-z]+=|hx-on|js:/],
  ])('hold no %s, which the content policy forbids', (_what, pattern) => {
    expect(templates.filter((file) => pattern.test(read(file)))).toEqual([]);
  });

  it('give every form that changes something its token', () => {
    const bare = templates.filter((file) => {
      const forms = read(file).match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? [];
      return forms.some((form) => !form.includes('{{csrf}}'));
    });
    expect(bare).toEqual([]);
  });
});
