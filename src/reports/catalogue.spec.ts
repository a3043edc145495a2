import { readFileSync } from 'node:fs';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { COUNT_DEFINITIONS, COUNTS, DEFINITIONS, VISIT_COUNTS, WORK_COUNTS } from './catalogue.js';
import { definitionsSheet } from './definitions-sheet.views.js';
import { EARLIER_DEFINITIONS } from './earlier-definitions.js';

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

/** What a figure is counted by, in one line: its condition, or its two parts. */
const spelt: Record<string, string> = Object.fromEntries([
  ...[...COUNTS, ...VISIT_COUNTS].map(({ key, version, when }) => [key, `v${version} ${when.compile().text.trim()}`]),
  ...DEFINITIONS.map(({ key, version, numerator, denominator }) => [key, `v${version} ${numerator} ÷ ${denominator}`]),
]);

describe('R46 a definition that changes is a new version', () => {
  it('each figure is still counted as its version says: whoever changes one raises its version and keeps the old wording', () => {
    expect(spelt).toMatchInlineSnapshot(`
     {
       "attempts": "v1 true",
       "averageTalk": "v1 talkSeconds ÷ connected",
       "callbackKeptRate": "v1 callbacksKept ÷ callbacksPromised",
       "callbackToTheMinuteRate": "v1 callbacksToTheMinute ÷ callbacksPromised",
       "connectRate": "v1 connected ÷ attempts",
       "connected": "v1 a.connected",
       "conversionRate": "v1 converted ÷ connected",
       "converted": "v1 a.converted",
       "coverage": "v1 visitsInTime ÷ visitsDue",
       "coverageWithSmsLeft": "v1 visitsInTimeOrSmsLeft ÷ visitsDue",
       "customersAttempted": "v1 true",
       "customersConnected": "v1 a.connected",
       "customersReached": "v1 a.effective",
       "customersSucceeded": "v1 a.order_state = 'succeeded' and a.effective",
       "effective": "v1 a.effective",
       "firstDialConnectRate": "v1 firstDialsConnected ÷ firstDials",
       "firstDials": "v1 a.ordinal = 1",
       "firstDialsConnected": "v1 a.ordinal = 1 and a.connected",
       "listConnectRate": "v1 customersConnected ÷ customersAttempted",
       "marketingSuccessRate": "v1 customersSucceeded ÷ customersReached",
       "orderSuccessRate": "v1 ordersSucceeded ÷ converted",
       "ordersFailed": "v1 a.order_state in ('failed', 'expired')",
       "ordersOpen": "v1 a.order_state = 'open'",
       "ordersSucceeded": "v1 a.order_state = 'succeeded'",
       "promiseKeptRate": "v1 promisesKept ÷ promisesMade",
       "reach": "v1 customersReached ÷ customersAttempted",
       "retentionSuccess": "v1 casesStillActive ÷ casesReached",
       "secondDialRecovery": "v1 tasksRecovered ÷ tasksRedialled",
       "talk18": "v1 a.talk18",
       "talk18Share": "v1 talk18 ÷ connected",
       "tasksRecovered": "v1 a.ordinal = 2 and not a.first_connected and a.later_connected",
       "tasksRedialled": "v1 a.ordinal = 2 and not a.first_connected",
       "visitsDue": "v1 true",
       "visitsInTime": "v1 v.state = 'done' and v.closed_in_time",
       "visitsInTimeOrSmsLeft": "v1 (v.state = 'done' or v.sms_left) and v.closed_in_time",
       "workingTimeUse": "v1 handlingSeconds ÷ workSeconds",
     }
    `);
  });

  it('every version before today’s has kept its wording', () => {
    const wanted = [...COUNT_DEFINITIONS, ...DEFINITIONS].flatMap(({ key, version }) =>
      Array.from({ length: version - 1 }, (_, i) => `${key} v${i + 1}`),
    );
    expect(EARLIER_DEFINITIONS.map(({ key, version }) => `${key} v${version}`).sort()).toEqual(wanted.sort());
  });

  it('a workbook carries the definitions of its day, the earlier ones with their last day behind them', () => {
    const old = { key: 'talk18', version: 1, until: '2026-12-31', about: '通话满 20 秒' } as const;
    const { rows } = definitionsSheet((key, params) => texts.t('zh', key, params), [old]);
    expect(rows.length).toBe(DEFINITIONS.length + COUNT_DEFINITIONS.length + 1);
    expect(rows.at(-1)).toEqual([texts.t('zh', 'metric.talk18'), null, null, '通话满 20 秒', 'talk18 v1（用到2026-12-31）']);
  });
});
