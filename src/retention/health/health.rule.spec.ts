import { INITIAL_HEALTH } from './health-settings.policy.js';
import { healthOf } from './health.rule.js';
import type { HealthFacts, HealthSettings } from './health.types.js';

const TODAY = '2026-11-24';
const NOBODY: HealthFacts = { status: 'active', signs: [], scorePercent: null, complaints: [], calls: [], uses: [] };
const use = (month: string, dataUsedMb: number | null, voiceUsedMin: number | null = null) => ({
  month: `2026-${month}-01`,
  dataUsedMb,
  voiceUsedMin,
});
const call = (on: string, outcome: string, effective = false) => ({ on, outcome, effective });
const said = (facts: Partial<HealthFacts>, settings: Partial<HealthSettings> = {}): string => {
  const health = healthOf({ ...NOBODY, ...facts }, { ...INITIAL_HEALTH, ...settings }, TODAY);
  return health === null ? 'none' : [health.tier, ...health.reasons.map(({ code, level }) => `${code}:${level}`)].join(' ');
};

describe('CUS-5 the health tier of a customer, with its reasons', () => {
  it.each<[string, Partial<HealthFacts>, string]>([
    ['of whom nothing is known but good', {}, 'healthy'],
    ['who has left', { status: 'churned', scorePercent: 99 }, 'none'],
    ['suspended', { status: 'suspended' }, 'sub-healthy suspended:sub'],
    ['who asked to port a number this autumn', { signs: [{ on: '2026-10-01', percent: 70 }] }, 'high-risk intent:high'],
    ['who asked longer ago', { signs: [{ on: '2026-08-25', percent: 70 }] }, 'healthy'],
    ['who asked on the first day that counts', { signs: [{ on: '2026-08-26', percent: 70 }] }, 'high-risk intent:high'],
    ['whose contract ends: no intention of theirs', { signs: [{ on: '2026-11-01', percent: 25 }] }, 'healthy'],
    ['of score 39', { scorePercent: 39 }, 'healthy'],
    ['of score 40', { scorePercent: 40 }, 'sub-healthy score:sub'],
    ['of score 70', { scorePercent: 70 }, 'high-risk score:high'],
    ['with one complaint', { complaints: ['2026-11-01'] }, 'sub-healthy complaints:sub'],
    ['with three', { complaints: ['2026-09-01', '2026-11-01', '2026-11-02'] }, 'high-risk complaints:high'],
    ['with one of spring', { complaints: ['2026-04-01'] }, 'healthy'],
    ['who used half as much as before', { uses: [use('10', 50), use('09', 100), use('08', 100)] }, 'sub-healthy use_drop:sub'],
    ['a little more than half', { uses: [use('10', 51), use('09', 100), use('08', 100)] }, 'healthy'],
    ['a fifth', { uses: [use('10', 20), use('09', 100), use('08', 100), use('07', 100)] }, 'high-risk use_drop:high'],
    ['who stopped calling, data being as ever', { uses: [use('10', 100, 0), use('09', 100, 90), use('08', 100, 90)] }, 'high-risk use_drop:high'],
    ['of whose use one month alone is known before', { uses: [use('10', 0), use('09', 100)] }, 'healthy'],
    [
      'of whose last month nothing is known yet, by the one before',
      { uses: [use('09', 20), use('08', 100), use('07', 100)] },
      'high-risk use_drop:high',
    ],
    [
      'the same compared with its own three months',
      { uses: [use('09', 50), use('08', 100), use('07', 100), use('06', 100), use('05', 1000)] },
      'sub-healthy use_drop:sub',
    ],
    ['of whom nothing is known for two months', { uses: [use('08', 20), use('07', 100), use('06', 100)] }, 'healthy'],
    ['whose running month counts for nothing', { uses: [use('11', 0), use('10', 100), use('09', 100), use('08', 100)] }, 'healthy'],
    ['whose two cards make up for each other', { uses: [use('10', 10), use('10', 90), use('09', 100), use('08', 100)] }, 'healthy'],
    ['who refused twice', { calls: [call('2026-11-01', 'refused', true), call('2026-11-02', 'refused', true)] }, 'sub-healthy refusals:sub'],
    [
      'not reached five times since somebody spoke with them',
      { calls: [call('2026-10-01', 'reached', true), ...Array.from({ length: 5 }, (_, i) => call(`2026-11-0${i + 1}`, 'no_answer'))] },
      'sub-healthy unreached:sub',
    ],
    [
      'reached after all',
      { calls: [...Array.from({ length: 5 }, (_, i) => call(`2026-11-0${i + 1}`, 'no_answer')), call('2026-11-09', 'reached', true)] },
      'healthy',
    ],
    [
      'with three lesser reasons at once',
      { status: 'suspended', scorePercent: 50, complaints: ['2026-11-01'] },
      'high-risk score:sub complaints:sub suspended:sub',
    ],
  ])('somebody %s', (_, facts, tier) => expect(said(facts)).toBe(tier));

  it('a threshold of nothing counts for nothing', () => {
    const off: HealthSettings = { ...INITIAL_HEALTH };
    for (const name of Object.keys(off) as (keyof HealthSettings)[]) off[name] = 0;
    expect(said({ scorePercent: 99, complaints: [TODAY], signs: [{ on: TODAY, percent: 90 }], status: 'suspended' }, off)).toBe(
      'sub-healthy suspended:sub',
    );
  });

  it('tells what each reason rests on', () =>
    expect(healthOf({ ...NOBODY, scorePercent: 82, signs: [{ on: '2026-11-03', percent: 90 }] }, INITIAL_HEALTH, TODAY)?.reasons).toEqual([
      { code: 'intent', level: 'high', on: '2026-11-03' },
      { code: 'score', level: 'high', percent: 82 },
    ]));
});
