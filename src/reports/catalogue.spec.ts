import { readFileSync } from 'node:fs';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { COUNT_DEFINITIONS, COUNTS, DEFINITIONS, VISIT_COUNTS, WORK_COUNTS } from './catalogue.js';

const texts = Catalogue.load('templates/locales');
/** The rates of the glossary: a term that is one thing divided by another. */
const glossary = readFileSync('docs/words.md', 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells[4]?.includes(' ÷ '))
  .map(([, , chinese = '', code = '']) => ({ key: code.replaceAll('`', ''), chinese }));

describe('REP-1 the catalogue and the glossary', () => {
  it('define the same rates', () => {
    expect(glossary.length).toBeGreaterThan(10);
    expect(DEFINITIONS.map(({ key }) => key).sort()).toEqual(glossary.map(({ key }) => key).sort());
  });

  it('call them by the same name', () => {
    expect(glossary.map(({ key }) => ({ key, chinese: texts.t('zh', `metric.${key}`) }))).toEqual(glossary);
  });

  it('explain every rate and its two parts in both languages', () => {
    const keys = DEFINITIONS.flatMap(({ key, numerator, denominator }) => [key, `${key}.about`, numerator, denominator]);
    expect(keys.filter((key) => !texts.has(`metric.${key}`, 'zh') || !texts.has(`metric.${key}`, 'en'))).toEqual([]);
  });

  it('explain every count in both languages (R46)', () => {
    const keys = COUNT_DEFINITIONS.flatMap(({ key }) => [key, `${key}.about`]);
    expect(keys.filter((key) => !texts.has(`metric.${key}`, 'zh') || !texts.has(`metric.${key}`, 'en'))).toEqual([]);
    const names = [...COUNT_DEFINITIONS, ...DEFINITIONS].map(({ key }) => texts.t('zh', `metric.${key}`));
    expect(new Set(names).size).toBe(names.length);
  });

  it('call people what counts each person once, and nothing else (R46)', () => {
    for (const { nature, unit, distinct } of COUNT_DEFINITIONS) expect([unit, nature === 'people']).toEqual([unit, distinct]);
    for (const { nature, unit } of DEFINITIONS) expect([unit, nature === 'people']).toEqual([unit, unit === 'customers']);
  });

  it('divide two counts of their source; what has no source has no counts', () => {
    const counts = {
      attempts: COUNTS.map(({ key }) => String(key)),
      visits: VISIT_COUNTS.map(({ key }) => String(key)),
      work: ['connected', ...WORK_COUNTS.map(({ key }) => String(key))],
    };
    const all = Object.values(counts).flat();
    for (const { source, numerator, denominator } of DEFINITIONS) {
      if (source) expect(counts[source]).toEqual(expect.arrayContaining([numerator, denominator]));
      else expect(all.filter((key) => key === numerator || key === denominator)).toEqual([]);
    }
  });
});
