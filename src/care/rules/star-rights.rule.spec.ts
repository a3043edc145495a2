import type { Day } from '../../kernel/day.js';
import { type CareFacts, type DueState, NOTHING_KNOWN, type PlannedFact } from '../care.types.js';
import { readSettings } from './settings.policy.js';
import { starRights } from './star-rights.rule.js';

const TODAY = '2026-11-24';
const six = (facts: Partial<CareFacts>): CareFacts => ({ ...NOTHING_KNOWN, star: 6, managerId: '9', hasManager: true, ...facts });
const rights = (...days: Day[]): Partial<CareFacts> => ({ rightsChanges: days.map((on) => ({ on, star: 6 })) });
const moves = (...changes: [on: Day, from: string | null, to: string | null][]): Partial<CareFacts> => ({
  managerChanges: changes.map(([on, from, to]) => ({ on, from, to })),
});
const contact = (cycle: string, state: DueState, closedOn: Day | null = null): PlannedFact => ({
  rule: 'star-rights',
  cycle,
  on: cycle.slice(0, 10),
  state,
  closedOn,
});

const decide = (facts: CareFacts, { day = TODAY, ...given }: { day?: Day } & Record<string, unknown> = {}) =>
  starRights.decide(facts, readSettings(starRights.fields, given), { day, isWorking: () => true, isOccasion: () => false });
const dueOf = (facts: CareFacts, given: { day?: Day } & Record<string, unknown> = {}): string[] =>
  decide(facts, given).due.map(({ cycle, channel, fromOn, deadlineOn }) => `${channel} ${cycle}: ${fromOn} to ${deadlineOn}`);
const told = (facts: CareFacts): string[] =>
  decide(facts).due.map((due) => starRights.sentence(due.facts, due.deadlineOn).key.split('.').at(-1) ?? '');

describe('CAR-3 a message and a call when rights or the manager change', () => {
  it.each<[string, Partial<CareFacts>]>([
    ['the rights of the star', rights('2026-11-23')],
    ['the manager', moves(['2026-11-23', '8', '9'])],
    ['both on one day', { ...rights('2026-11-23'), ...moves(['2026-11-23', '8', '9']) }],
  ])('%s: the message at once, the call from the next day, both within two weeks', (_, facts) => {
    expect(dueOf(six(facts))).toEqual(['sms 2026-11-23: 2026-11-24 to 2026-12-07', 'call 2026-11-23-call: 2026-11-24 to 2026-12-07']);
  });

  it('the key is the day of the change, on whatever day the plan runs', () => {
    const keys = (day: Day): string[] => decide(six(rights('2026-11-10')), { day }).due.map(({ cycle }) => cycle);
    for (const day of ['2026-11-10', '2026-11-17', '2026-11-24']) expect(keys(day)).toEqual(['2026-11-10', '2026-11-10-call']);
  });

  it('a call alone when the planner wants no message, and later when she wants a gap', () => {
    expect(dueOf(six(rights(TODAY)), { notice: false, callAfterDays: 3 })).toEqual(['call 2026-11-24-call: 2026-11-27 to 2026-12-08']);
  });

  it.each<[string, Partial<CareFacts>]>([
    ['the rights of another star', { rightsChanges: [{ on: '2026-11-23', star: 7 }] }],
    ['of a day still to come', rights('2026-11-25')],
    ['of more than two weeks ago', rights('2026-11-09')],
    ['the rights of a star the customer came to afterwards', { ...rights('2026-11-20'), starChanges: [{ on: '2026-11-22', from: 5, to: 6 }] }],
    ['a first manager', moves(['2026-11-23', null, '9'])],
    ['a manager taken away', { ...moves(['2026-11-23', '9', null]), managerId: null }],
    ['a manager who went and came back', moves(['2026-11-22', '9', '8'], ['2026-11-23', '8', '9'])],
    ['a customer who has left', { ...rights('2026-11-23'), status: 'churned' }],
    ['four stars', { rightsChanges: [{ on: '2026-11-23', star: 4 }], star: 4 }],
  ])('no news: %s', (_, facts) => {
    expect(dueOf(six(facts))).toEqual([]);
  });

  it('a star that was given before the change is no excuse', () => {
    expect(dueOf(six({ ...rights('2026-11-23'), starChanges: [{ on: '2026-11-22', from: 5, to: 6 }] }))).toHaveLength(2);
  });
});

describe('CAR-3 several changes before the contact are one', () => {
  it('of several days, told together under the first one', () => {
    const facts = six({ ...rights('2026-11-20', '2026-11-22'), ...moves(['2026-11-23', '8', '9']) });
    expect(dueOf(facts)).toEqual(['sms 2026-11-20: 2026-11-24 to 2026-12-04', 'call 2026-11-20-call: 2026-11-24 to 2026-12-04']);
    expect(told(facts)).toEqual(['both', 'both']);
  });

  it('the last of several managers counts, against the one before them all', () => {
    const [due] = decide(six(moves(['2026-11-20', '7', '8'], ['2026-11-23', '8', '9']))).due;
    expect(due?.facts).toEqual({ on: '2026-11-20', star: 6, rightsOn: null, managerOn: '2026-11-23', from: '7' });
  });

  const early = '2026-11-18';
  it.each<[string, PlannedFact[], string[]]>([
    ['while the call is still to be made', [contact(early, 'done', '2026-11-18'), contact(`${early}-call`, 'open')], []],
    ['when the call came after it', [contact(`${early}-call`, 'done', '2026-11-23')], []],
    ['when the call came on the same day', [contact(`${early}-call`, 'done', '2026-11-22')], []],
    ['news again when the call came before it', [contact(`${early}-call`, 'done', '2026-11-21')], ['2026-11-22', '2026-11-22-call']],
    ['news again when nobody was reached before it', [contact(`${early}-call`, 'not_reached', '2026-11-21')], ['2026-11-22', '2026-11-22-call']],
    ['news again when the contact was called off', [contact(`${early}-call`, 'cancelled', '2026-11-23')], ['2026-11-22', '2026-11-22-call']],
  ])('a later change: %s', (_, planned, expected) => {
    const keys = decide(six({ ...rights(early, '2026-11-22'), planned }))
      .due.map(({ cycle }) => cycle)
      .filter((cycle) => !cycle.startsWith(early));
    expect(keys).toEqual(expected);
  });
});
