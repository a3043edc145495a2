import { NOTHING_KNOWN, type RoamingFact } from '../care.types.js';
import { roamingReturn } from './roaming-return.rule.js';
import { readSettings } from './settings.policy.js';

const use = (month: string, more: Partial<RoamingFact> = {}): RoamingFact => ({
  month: `${month}-01`,
  destination: '日本',
  days: 5,
  feeFen: 12_300,
  returnedOn: null,
  ...more,
});
const decide = (day: string, roaming: RoamingFact[]) =>
  roamingReturn.decide({ ...NOTHING_KNOWN, star: 4, roaming }, readSettings(roamingReturn.fields, {}), {
    day,
    isWorking: () => true,
    isOccasion: () => false,
  });

describe('CAR-6 whoever roamed last month gets a call this month', () => {
  it('until the end of the month, once a month of use', () => {
    expect(decide('2026-11-24', [use('2026-10')]).due).toEqual([
      {
        cycle: '2026-10',
        channel: 'call',
        fromOn: '2026-11-24',
        deadlineOn: '2026-11-30',
        late: false,
        countsFrom: '2026-11-24',
        facts: { month: '2026-10-01', places: '日本', days: 5, feeFen: 12_300 },
      },
    ]);
  });

  it('several destinations are one call with the sums', () => {
    const uses = [use('2026-10', { destination: '法国', days: null, feeFen: 100 }), use('2026-10')];
    expect(decide('2026-11-24', uses).due[0]?.facts).toEqual({ month: '2026-10-01', places: '日本、法国', days: 5, feeFen: 12_400 });
  });

  it.each([
    ['use of another month', '2026-11-24', [use('2026-09')]],
    ['a return two days ago', '2026-11-24', [use('2026-10'), use('2026-11', { returnedOn: '2026-11-22' })]],
    ['use of last month until its end, on the 2nd', '2026-11-02', [use('2026-10')]],
    ['somebody who roams again this month and has not returned', '2026-11-24', [use('2026-10'), use('2026-11')]],
  ])('not: %s', (_, day, uses) => {
    expect(decide(day, uses).due).toEqual([]);
  });

  it.each([
    ['three days after the return', '2026-11-25', [use('2026-10'), use('2026-11', { returnedOn: '2026-11-22' })]],
    ['three days after the end of the month', '2026-11-03', [use('2026-10')]],
    ['a known return within the month', '2026-11-01', [use('2026-10', { returnedOn: '2026-10-20' })]],
  ])('yes: %s', (_, day, uses) => {
    expect(decide(day, uses).due).toHaveLength(1);
  });
});
