import { addDays, type Day, weekday } from '../../kernel/day.js';
import { type CareFacts, type DueState, NOTHING_KNOWN, type PlannedFact } from '../care.types.js';
import { readSettings } from './settings.policy.js';
import { noticeCycle, starPromotion } from './star-promotion.rule.js';

/** Weekdays off and weekends made up around Mid-Autumn and National Day 2026; of 2027 the days off by law. */
const OFF = ['2026-09-25', '2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07', '2027-01-01', '2027-02-05', '2027-02-08'];
const MADE_UP = ['2026-09-20', '2026-10-10'];
const isWorking = (day: Day): boolean => MADE_UP.includes(day) || (weekday(day) <= 5 && !OFF.includes(day));

const promoted = (on: Day, facts: Partial<CareFacts> = {}): CareFacts => ({
  ...NOTHING_KNOWN,
  star: 5,
  hasManager: true,
  starChanges: [{ on, from: 4, to: 5 }],
  ...facts,
});
const notices = (promotedOn: Day, ...sent: [on: Day, state: DueState][]): PlannedFact[] =>
  sent.map(([on, state], i) => ({ rule: 'star-promotion', cycle: noticeCycle(promotedOn, i + 1), on, state, closedOn: null }));
const decide = (facts: CareFacts, day: Day, given: object = {}) =>
  starPromotion.decide(facts, readSettings(starPromotion.fields, { ...given }), { day, isWorking, isOccasion: () => false });
const dueOf = (facts: CareFacts, day: Day, given: object = {}): string[] =>
  decide(facts, day, given).due.map(
    ({ channel, cycle, fromOn, deadlineOn, late }) => `${channel} ${cycle}: ${fromOn} to ${deadlineOn}${late ? ' late' : ''}`,
  );

describe('CAR-2 a promoted customer gets a notice, and the visit when it has arrived', () => {
  it('the notice first, on the day of the run, and no visit while nobody knows whether it arrives', () => {
    expect(dueOf(promoted('2026-11-24'), '2026-11-24')).toEqual(['sms 2026-11-24-notice: 2026-11-24 to 2026-12-24']);
    const open = promoted('2026-11-24', { planned: notices('2026-11-24', ['2026-11-24', 'open']) });
    expect(dueOf(open, '2026-11-25')).toEqual(['sms 2026-11-24-notice: 2026-11-24 to 2026-12-24']);
    expect(decide(open, '2026-11-25').why.key).toBe('care.why.promotion_waits');
  });

  it.each<[string, Day, Day]>([
    ['in an ordinary week', '2026-11-24', '2026-11-27'],
    ['over a weekend', '2026-11-26', '2026-12-01'],
    ['over National Day, whose Saturday made up counts', '2026-09-30', '2026-10-10'],
    ['over Mid-Autumn', '2026-09-24', '2026-09-30'],
    ['with a Sunday made up before it', '2026-09-17', '2026-09-21'],
    ['over Spring Festival', '2027-02-03', '2027-02-10'],
    ['over New Year, sent on a day off', '2027-01-01', '2027-01-06'],
  ])('the visit three working days after the notice, %s', (_, on, from) => {
    const facts = promoted(on, { planned: notices(on, [on, 'done']) });
    expect(dueOf(facts, addDays(on, 1))[1]).toMatch(new RegExp(`^call ${on}-visit: ${from} to`));
  });

  it.each<[Day, Day]>([
    ['2026-11-24', '2026-12-24'],
    ['2026-10-31', '2026-11-30'],
    ['2027-01-31', '2027-02-28'],
    ['2026-12-31', '2027-01-31'],
  ])('promoted on %s, visited by %s', (on, deadline) => {
    expect(decide(promoted(on), on).due[0]?.deadlineOn).toBe(deadline);
  });

  it('a notice that did not arrive is sent again, not on the same day', () => {
    const failed = promoted('2026-11-24', { planned: notices('2026-11-24', ['2026-11-24', 'not_reached']) });
    expect(dueOf(failed, '2026-11-24')).toHaveLength(1);
    expect(dueOf(failed, '2026-11-25')[1]).toBe('sms 2026-11-24-notice-2: 2026-11-25 to 2026-12-24');
  });

  it('after the last try it no longer holds the visit up, and the call tells that nothing arrived', () => {
    const planned = notices('2026-11-24', ['2026-11-24', 'not_reached'], ['2026-11-25', 'not_reached']);
    const facts = promoted('2026-11-24', { planned });
    expect(dueOf(facts, '2026-11-26', { retries: 1 })).toEqual([
      'sms 2026-11-24-notice-2: 2026-11-25 to 2026-12-24',
      'call 2026-11-24-visit: 2026-11-26 to 2026-12-24',
    ]);
    expect(decide(facts, '2026-11-26', { retries: 1 }).due[1]?.facts).toMatchObject({ notice: null });
  });

  it('a notice that may not be sent holds the visit up for the days of binding', () => {
    expect(dueOf(promoted('2026-11-24'), '2026-11-27')).toHaveLength(1);
    expect(dueOf(promoted('2026-11-24'), '2026-11-28')[1]).toBe('call 2026-11-24-visit: 2026-12-02 to 2026-12-24');
  });

  it('a promise that can only be broken is kept late, and 60 days later no more', () => {
    expect(dueOf(promoted('2026-10-20'), '2026-11-24')[0]).toMatch(/late$/);
    expect(decide(promoted('2026-08-20'), '2026-11-24')).toMatchObject({ due: [], why: { key: 'care.why.promotion_over' } });
  });

  it('by the newest change: a second promotion takes the place of the first', () => {
    const facts = promoted('2026-11-02', {
      starChanges: [
        { on: '2026-11-02', from: 4, to: 5 },
        { on: '2026-11-20', from: 5, to: 6 },
      ],
      planned: notices('2026-11-02', ['2026-11-02', 'done']),
    });
    expect(dueOf(facts, '2026-11-23')).toEqual(['sms 2026-11-20-notice: 2026-11-23 to 2026-12-20']);
  });

  it.each<[string, Partial<CareFacts>, string]>([
    ['nobody promoted', { starChanges: [] }, 'care.why.promotion_none'],
    ['promoted on a day to come', { starChanges: [{ on: '2026-12-01', from: 4, to: 5 }] }, 'care.why.promotion_none'],
    ['the same star again', { starChanges: [{ on: '2026-11-20', from: 5, to: 5 }] }, 'care.why.promotion_none'],
    ['demoted', { starChanges: [{ on: '2026-11-20', from: 5, to: 4 }] }, 'care.why.promotion_demoted'],
    ['not active', { status: 'suspended' }, 'care.why.not_active'],
    ['nobody has been found for the customer', { hasManager: false }, 'care.why.promotion_unbound'],
  ])('nothing for %s, and says so', (_, facts, key) => {
    expect(decide(promoted('2026-11-20', facts), '2026-11-24')).toMatchObject({ due: [], why: { key } });
  });

  it('nothing for a star that the planner leaves out', () => {
    expect(decide(promoted('2026-11-20'), '2026-11-24', { stars: [6, 7] })).toMatchObject({ due: [], why: { key: 'care.why.promotion_not_for' } });
  });
});
