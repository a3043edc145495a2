import { weekday } from '../../kernel/day.js';
import { type CareFacts, NOTHING_KNOWN } from '../care.types.js';
import { readSettings } from './settings.policy.js';
import { smsVisit } from './sms-visit.rule.js';

/** November 2026: nine days of weekend, and two solar terms on weekdays. */
const isOccasion = (day: string): boolean => weekday(day) >= 6 || ['2026-11-06', '2026-11-24'].includes(day);
const OCCASIONS = ['01', '06', '07', '08', '14', '15', '21', '22', '24', '28', '29'].map((date) => `2026-11-${date}`);

const customer = (id: string, facts: Partial<CareFacts> = {}): CareFacts => ({ ...NOTHING_KNOWN, id, star: 3, ...facts });
const decide = (facts: CareFacts, day: string, given: object = {}) =>
  smsVisit.decide(facts, readSettings(smsVisit.fields, { ...given }), { day, isWorking: () => true, isOccasion });

describe('CAR-14 one care message a month on a weekend, solar term or holiday', () => {
  it('every customer has a turn of their own', () => {
    const turns = OCCASIONS.map((_, id) => OCCASIONS.find((day) => decide(customer(String(id)), day).due.length > 0));
    expect(turns).toEqual(OCCASIONS);
  });

  it('is due on the day of the turn, by the last occasion of the month', () => {
    expect(decide(customer('8'), '2026-11-24').due).toEqual([
      {
        cycle: '2026-11',
        channel: 'sms',
        fromOn: '2026-11-24',
        deadlineOn: '2026-11-29',
        late: false,
        countsFrom: '2026-11-24',
        facts: { month: '2026-11-01' },
      },
    ]);
  });

  it.each([
    ['before the turn, and says when', '8', '2026-11-22', '2026-11-24'],
    ['on a plain weekday after a missed turn, and says when it is made up for', '0', '2026-11-25', '2026-11-28'],
    ['after the last occasion', '0', '2026-11-30', null],
  ])('not %s', (_, id, day, next) => {
    expect(decide(customer(id), day)).toMatchObject({ due: [], nextOn: next });
  });

  it('makes up for a missed turn on the next occasion', () => {
    expect(decide(customer('0'), '2026-11-28').due).toHaveLength(1);
  });

  it('not after another care message of the month, unless the planner says that others do not count', () => {
    const messaged = customer('8', { messagedOn: ['2026-10-31', '2026-11-03'] });
    expect(decide(messaged, '2026-11-24').due).toEqual([]);
    expect(decide(messaged, '2026-11-24', { countOthers: false }).due).toHaveLength(1);
    expect(decide(customer('8', { messagedOn: ['2026-10-31'] }), '2026-11-24').due).toHaveLength(1);
  });

  it.each([
    ['an unrated customer', customer('8', { star: 0 })],
    ['a suspended one', customer('8', { status: 'suspended' })],
  ])('not %s', (_, facts) => {
    expect(decide(facts, '2026-11-24').due).toEqual([]);
  });
});
