import { weekday } from '../../kernel/day.js';
import { type CareFacts, NOTHING_KNOWN } from '../care.types.js';
import { birthday } from './birthday.rule.js';
import { readSettings } from './settings.policy.js';

/** Mondays to Fridays are at work, but for one closing over the New Year of 2027. */
const isWorking = (day: string): boolean => weekday(day) <= 5 && !(day >= '2027-02-05' && day <= '2027-02-12');
const born = (calendar: 'solar' | 'lunar', month: number, day: number, star = 3): CareFacts => ({
  ...NOTHING_KNOWN,
  star,
  birthday: { calendar, month, day },
});
const dueOf = (facts: CareFacts, day: string, given: object = {}): string[] =>
  birthday
    .decide(facts, readSettings(birthday.fields, { ...given }), { day, isWorking, isOccasion: () => false })
    .due.map(({ channel, cycle, fromOn, deadlineOn }) => `${channel} ${cycle}: ${fromOn} to ${deadlineOn}`);

describe('CAR-4 a message on the day', () => {
  it.each([
    ['a solar birthday', born('solar', 11, 24), '2026-11-24', ['sms 2026: 2026-11-24 to 2026-11-24']],
    ['the day before', born('solar', 11, 24), '2026-11-23', []],
    ['the day after', born('solar', 11, 24), '2026-11-25', []],
    ['a lunar birthday', born('lunar', 10, 18), '2026-11-26', ['sms 2026: 2026-11-26 to 2026-11-26']],
    ['a lunar birthday of the last month belongs to the year that ends', born('lunar', 12, 1), '2027-01-08', ['sms 2026: 2027-01-08 to 2027-01-08']],
    ['a month that comes twice: the ordinary one', born('lunar', 6, 1), '2025-06-25', ['sms 2025: 2025-06-25 to 2025-06-25']],
    ['a month that comes twice: not the leap one', born('lunar', 6, 1), '2025-07-25', []],
    ['the 30th of a short lunar month on the 29th', born('lunar', 12, 30), '2025-01-28', ['sms 2024: 2025-01-28 to 2025-01-28']],
    ['29 February on the 28th of a common year', born('solar', 2, 29), '2027-02-28', ['sms 2027: 2027-02-28 to 2027-02-28']],
    ['29 February on itself in a leap year', born('solar', 2, 29), '2028-02-29', ['sms 2028: 2028-02-29 to 2028-02-29']],
    ['29 February not on the 28th of a leap year', born('solar', 2, 29), '2028-02-28', []],
  ])('%s', (_, facts, day, expected) => {
    expect(dueOf(facts, day)).toEqual(expected);
  });

  it('29 February on 1 March when the planner says so', () => {
    expect(dueOf(born('solar', 2, 29), '2027-03-01', { feb29: '03-01' })).toEqual(['sms 2027: 2027-03-01 to 2027-03-01']);
    expect(dueOf(born('solar', 2, 29), '2027-02-28', { feb29: '03-01' })).toEqual([]);
  });

  it('no message when messages are switched off, no wish without a known birthday', () => {
    expect(dueOf(born('solar', 11, 24), '2026-11-24', { sms: false })).toEqual([]);
    expect(dueOf({ ...born('solar', 11, 24), birthday: null }, '2026-11-24')).toEqual([]);
  });
});

describe('CAR-4 one wish a person', () => {
  const owner = born('solar', 11, 24, 6);
  const user = { month: 10, day: 18, calendar: 'lunar' } as const;

  it.each<[string, CareFacts, string, string[]]>([
    ['the user of the card, not its owner', { ...owner, userBirthday: user }, '2026-11-24', []],
    [
      'the user of the card on their day',
      { ...owner, userBirthday: user },
      '2026-11-26',
      ['sms 2026: 2026-11-26 to 2026-11-26', 'call 2026-call: 2026-11-26 to 2026-11-26'],
    ],
    [
      'owner and user the same person: once',
      { ...owner, userBirthday: owner.birthday },
      '2026-11-24',
      ['sms 2026: 2026-11-24 to 2026-11-24', 'call 2026-call: 2026-11-24 to 2026-11-24'],
    ],
    [
      'a user whose card has an owner without a birthday',
      { ...owner, star: 3, birthday: null, userBirthday: user },
      '2026-11-26',
      ['sms 2026: 2026-11-26 to 2026-11-26'],
    ],
  ])('%s', (_, facts, day, expected) => {
    expect(dueOf(facts, day)).toEqual(expected);
  });

  it.each([
    ['owner', 'solar', 'care.reason.birthday'],
    ['owner', 'lunar', 'care.reason.birthday.lunar'],
    ['user', 'solar', 'care.reason.birthday.user'],
    ['user', 'lunar', 'care.reason.birthday.user.lunar'],
  ])('the sentence says whose it is: %s, %s', (of, calendar, key) => {
    expect(birthday.sentence({ of, calendar, on: '2026-11-24' }, '2026-11-24').key).toBe(key);
  });
});

describe('CAR-4 a call for five to seven stars', () => {
  it.each([
    ['on the day', 5, '2026-11-24', ['sms 2026: 2026-11-24 to 2026-11-24', 'call 2026-call: 2026-11-24 to 2026-11-24']],
    ['not for four stars', 4, '2026-11-24', ['sms 2026: 2026-11-24 to 2026-11-24']],
    ['not the day before', 7, '2026-11-23', []],
  ])('%s', (_, star, day, expected) => {
    expect(dueOf(born('solar', 11, 24, star), day)).toEqual(expected);
  });

  it('early when the day is not at work: on Friday for a Sunday, before the holiday for a day within it', () => {
    expect(dueOf(born('solar', 11, 29, 6), '2026-11-27')).toEqual(['call 2026-call: 2026-11-27 to 2026-11-29']);
    expect(dueOf(born('solar', 11, 29, 6), '2026-11-26')).toEqual([]);
    expect(dueOf(born('solar', 2, 10, 6), '2027-02-04')).toEqual(['call 2027-call: 2027-02-04 to 2027-02-10']);
  });

  it('a planner may have calls planned days ahead', () => {
    expect(dueOf(born('solar', 11, 29, 6), '2026-11-24', { horizonDays: 5 })).toEqual(['call 2026-call: 2026-11-27 to 2026-11-29']);
  });
});
