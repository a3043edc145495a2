import { type CareFacts, NOTHING_KNOWN } from '../care.types.js';
import { readSettings } from './settings.policy.js';
import { silent } from './silent.rule.js';

/** Customer 5: with a spread of 60 days the turn is on the sixth day of the half-year. */
const customer = (facts: Partial<CareFacts> = {}): CareFacts => ({ ...NOTHING_KNOWN, id: '5', star: 3, joinedOn: '2020-01-01', ...facts });
const decide = (facts: CareFacts, day: string, given: object = {}) =>
  silent.decide(facts, readSettings(silent.fields, { ...given }), { day, isWorking: () => true, isOccasion: () => false });
const dueOf = (facts: CareFacts, day: string, given: object = {}): string[] =>
  decide(facts, day, given).due.map(({ channel, cycle, fromOn, deadlineOn }) => `${channel} ${cycle}: ${fromOn} to ${deadlineOn}`);

describe('CAR-8 whoever was not spoken with for 180 days gets a message and a call, once every half-year', () => {
  it.each([
    ['silent for years, on the day of the turn', customer({ lastTalkOn: '2024-03-01' }), '2026-07-06'],
    ['never spoken with, with us for years', customer(), '2026-07-06'],
    ['nothing known at all', customer({ joinedOn: null }), '2026-07-06'],
  ])('%s', (_, facts, day) => {
    expect(dueOf(facts, day)).toEqual(['sms 2026-H2: 2026-07-06 to 2026-12-31', 'call 2026-H2-call: 2026-07-09 to 2026-12-31']);
  });

  it.each([
    ['before the turn', customer({ lastTalkOn: '2024-03-01' }), '2026-07-05', '2026-07-06'],
    ['179 days after the last talk', customer({ lastTalkOn: '2026-03-01' }), '2026-08-27', '2026-08-28'],
    ['a customer of 179 days', customer({ joinedOn: '2026-03-01' }), '2026-08-27', '2026-08-28'],
  ])('not %s, and says when', (_, facts, day, next) => {
    expect(decide(facts, day)).toMatchObject({ due: [], nextOn: next });
  });

  it('180 days after the last talk, though the turn is long past', () => {
    expect(dueOf(customer({ lastTalkOn: '2026-03-01' }), '2026-08-28')[0]).toBe('sms 2026-H2: 2026-08-28 to 2026-12-31');
  });

  it('a call at the end of the half-year stays within it', () => {
    expect(dueOf(customer({ lastTalkOn: '2026-07-04' }), '2026-12-31')[1]).toBe('call 2026-H2-call: 2026-12-31 to 2026-12-31');
  });

  it('the same customer has the same key on each day of the half-year, and another one in the next', () => {
    expect(decide(customer(), '2026-08-01').due.map(({ cycle }) => cycle)).toEqual(['2026-H2', '2026-H2-call']);
    expect(decide(customer(), '2027-02-01').due.map(({ cycle }) => cycle)).toEqual(['2027-H1', '2027-H1-call']);
  });

  it('counts a visit from the day the silence was to be ended', () => {
    expect(decide(customer(), '2026-08-01').due[1]?.countsFrom).toBe('2026-07-06');
  });

  it('names last month’s bill of all lines', () => {
    const bills = [
      { month: '2026-06-01', amountFen: 9_900 },
      { month: '2026-06-01', amountFen: 2_000 },
      { month: '2026-05-01', amountFen: 100 },
    ];
    expect(decide(customer({ bills }), '2026-07-06').due[0]?.facts).toEqual({ last: null, month: '2026-06-01', billFen: 11_900 });
  });

  it.each([
    ['a suspended customer', customer({ status: 'suspended' })],
    ['a star level the planner left out', customer({ star: 0 })],
  ])('not %s', (_, facts) => {
    expect(dueOf(facts, '2026-08-01')).toEqual([]);
  });
});
