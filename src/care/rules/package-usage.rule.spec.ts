import { type CareFacts, NOTHING_KNOWN, type UseFact, type VisitFact } from '../care.types.js';
import { packageUsage } from './package-usage.rule.js';
import { readSettings } from './settings.policy.js';

type Pair = [used: number | null, quota: number | null];
const use = (month: string, data: Pair, voice: Pair = [null, null], lineId = '1'): UseFact => ({
  lineId,
  month: `${month}-01`,
  dataUsedMb: data[0],
  dataQuotaMb: data[1],
  voiceUsedMin: voice[0],
  voiceQuotaMin: voice[1],
});
const talk = (on: string, more: Partial<VisitFact> = {}): VisitFact => ({ on, campaign: 'package-usage', topics: [], imported: false, ...more });
const decide = (facts: Partial<CareFacts>, given: object = {}, day = '2026-11-24') =>
  packageUsage.decide({ ...NOTHING_KNOWN, star: 3, ...facts }, readSettings(packageUsage.fields, { ...given }), {
    day,
    isWorking: () => true,
    isOccasion: () => false,
  });
const situationOf = (uses: UseFact[], given: object = {}) => decide({ uses }, given).due[0]?.facts.situation;

describe('CAR-7 package overflow and underuse, monthly', () => {
  it.each([
    [
      'data beyond the package in two of three months',
      [use('2026-08', [90, 100]), use('2026-09', [120, 100]), use('2026-10', [110, 100])],
      'data-overflow',
    ],
    ['data below the share in every month', [use('2026-09', [20, 100]), use('2026-10', [29, 100])], 'data-underuse'],
    ['voice beyond the package', [use('2026-09', [50, 100], [300, 200]), use('2026-10', [50, 100], [300, 200])], 'other-overflow'],
    ['voice hardly used', [use('2026-09', [50, 100], [1, 200]), use('2026-10', [50, 100], [1, 200])], 'other-underuse'],
    ['overflow comes before underuse', [use('2026-09', [1, 100], [300, 200]), use('2026-10', [1, 100], [300, 200])], 'other-overflow'],
    [
      'the first line that is in the first situation',
      [
        use('2026-09', [1, 100]),
        use('2026-10', [1, 100]),
        use('2026-09', [110, 100], [null, null], '2'),
        use('2026-10', [110, 100], [null, null], '2'),
      ],
      'data-overflow',
    ],
  ])('%s', (_, uses, expected) => {
    expect(situationOf(uses)).toBe(expected);
  });

  it.each([
    ['one month is not enough', [use('2026-10', [120, 100])]],
    ['one of two months is not more than half', [use('2026-09', [90, 100]), use('2026-10', [110, 100])]],
    ['exactly the quota is not beyond it', [use('2026-09', [100, 100]), use('2026-10', [100, 100])]],
    ['exactly the share is not below it', [use('2026-09', [30, 100]), use('2026-10', [20, 100])]],
    ['the running month does not count', [use('2026-10', [120, 100]), use('2026-11', [120, 100])]],
    ['nor what lies more than half a year back', [use('2026-04', [120, 100]), use('2026-03', [120, 100])]],
    [
      'nor the fourth month back, when newer ones fit',
      [use('2026-07', [120, 100]), use('2026-08', [120, 100]), use('2026-09', [60, 100]), use('2026-10', [60, 100])],
    ],
    ['a quota nobody knows is not judged', [use('2026-09', [120, null]), use('2026-10', [120, null])]],
  ])('not: %s', (_, uses) => {
    expect(situationOf(uses)).toBeUndefined();
  });

  const over = [use('2026-09', [120, 100]), use('2026-10', [110, 100])];

  it('is one call a month, with the figures of the newest month', () => {
    expect(decide({ uses: over }).due).toEqual([
      {
        cycle: '2026-11',
        channel: 'call',
        fromOn: '2026-11-24',
        deadlineOn: '2026-11-30',
        late: false,
        countsFrom: '2026-11-24',
        facts: { situation: 'data-overflow', lineId: '1', month: '2026-10-01', used: 110, quota: 100 },
      },
    ]);
  });

  it('says no figures of a newest month that lacks one of them', () => {
    const facts = decide({ uses: [use('2026-08', [120, 100]), use('2026-09', [120, 100]), use('2026-10', [0, null])] }).due[0]?.facts;
    expect(facts).toMatchObject({ situation: 'data-overflow', month: '2026-10-01', used: null, quota: null });
  });

  it.each([
    ['not while the last talk about it is fresh', talk('2026-09-01'), 0],
    ['also one on another campaign, when its topic was ticked', talk('2026-09-01', { campaign: 'summer', topics: ['package-usage'] }), 0],
    ['again after three months', talk('2026-08-24'), 1],
    ['a talk about something else does not count', talk('2026-11-01', { campaign: 'summer' }), 1],
  ])('%s', (_, visit, calls) => {
    expect(decide({ uses: over, visits: [visit] }).due).toHaveLength(calls);
  });

  it('leaves out what the planner switched off, and other star levels', () => {
    expect(decide({ uses: over }, { overflow: false }).due).toEqual([]);
    expect(decide({ uses: over, star: 0 }).due).toEqual([]);
    expect(decide({ uses: over, status: 'suspended' }).due).toEqual([]);
  });
});
