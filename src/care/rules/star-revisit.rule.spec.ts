import { type CareFacts, type Due, NOTHING_KNOWN, type VisitFact } from '../care.types.js';
import { readSettings } from './settings.policy.js';
import { starRevisit } from './star-revisit.rule.js';

const moment = (day: string) => ({ day, isWorking: () => true, isOccasion: () => false });
const visit = (on: string, more: Partial<VisitFact> = {}): VisitFact => ({ on, campaign: 'summer', topics: [], imported: false, ...more });
const customer = (star: number, ...visits: VisitFact[]): CareFacts => ({ ...NOTHING_KNOWN, star, visits });
const settings = (given: object) => readSettings(starRevisit.fields, { ...given });
const dueOf = (facts: CareFacts, given: object, day = '2026-11-24'): Due[] => starRevisit.decide(facts, settings(given), moment(day)).due;
const line = ({ cycle, fromOn, deadlineOn, late }: Due): string => `${cycle}: ${fromOn} to ${deadlineOn}${late ? ' late' : ''}`;

describe('CAR-1 star revisit counted from the last visit', () => {
  it.each([
    ['a seven-star is due a month later', 7, '2026-11-20', '2026-11-24', ['after 2026-11-20: 2026-12-05 to 2026-12-20']],
    ['a six-star two months later, here beyond the horizon', 6, '2026-11-20', '2026-11-24', []],
    ['a six-star two months later', 6, '2026-10-20', '2026-11-24', ['after 2026-10-20: 2026-11-24 to 2026-12-20']],
    ['a five-star three months later', 5, '2026-08-31', '2026-11-24', ['after 2026-08-31: 2026-11-24 to 2026-11-30']],
    ['any other rated star five months later', 1, '2026-07-01', '2026-11-24', ['after 2026-07-01: 2026-11-24 to 2026-12-01']],
    ['the end of the month is clamped', 7, '2026-01-31', '2026-02-10', ['after 2026-01-31: 2026-02-15 to 2026-02-28']],
    ['a broken promise is late', 7, '2026-09-30', '2026-11-24', ['after 2026-09-30: 2026-11-24 to 2026-10-30 late']],
    ['on the day of the deadline it is not yet late', 7, '2026-10-24', '2026-11-24', ['after 2026-10-24: 2026-11-24 to 2026-11-24']],
  ])('%s', (_, star, last, day, expected) => {
    expect(dueOf(customer(star, visit(last)), { period: 'rolling' }, day).map(line)).toEqual(expected);
  });

  it('somebody never visited is due at the first run, and the key does not change with the day', () => {
    expect(dueOf(customer(4), { period: 'rolling' }).map(line)).toEqual(['never: 2026-11-24 to 2026-11-24 late']);
    expect(dueOf(customer(4), { period: 'rolling' }, '2026-11-25')[0]?.cycle).toBe('never');
  });
});

describe('CAR-1 star revisit by calendar periods', () => {
  it.each([
    ['a seven-star not yet visited this month', 7, ['2026-10-30'], '2026-11-24', ['2026-11: 2026-11-24 to 2026-11-30']],
    [
      'a seven-star visited this month owes the next one when it ends within the horizon',
      7,
      ['2026-11-20'],
      '2026-11-30',
      ['2026-12: 2026-12-05 to 2026-12-31'],
    ],
    ['a seven-star visited this month, next month beyond the horizon', 7, ['2026-11-20'], '2026-11-24', []],
    ['the least gap keeps two visits apart', 7, ['2026-10-30'], '2026-11-02', ['2026-11: 2026-11-14 to 2026-11-30']],
    [
      'two months owed at once lie the gap apart',
      7,
      ['2026-10-01'],
      '2026-11-30',
      ['2026-11: 2026-11-30 to 2026-11-30', '2026-12: 2026-12-15 to 2026-12-31'],
    ],
    ['a six-star by two months', 6, ['2026-10-30'], '2026-12-01', ['2026-11..2026-12: 2026-12-01 to 2026-12-31']],
    ['a five-star by quarters', 5, ['2026-09-30'], '2026-12-10', ['2026-10..2026-12: 2026-12-10 to 2026-12-31']],
    ['a quarter that ends beyond the horizon', 5, ['2026-09-30'], '2026-11-24', []],
  ])('%s', (_, star, visits, day, expected) => {
    expect(dueOf(customer(star, ...visits.map((on) => visit(on))), { period: 'calendar' }, day).map(line)).toEqual(expected);
  });

  it('somebody never visited is due at the first run, however far the end of the period', () => {
    expect(dueOf(customer(5), { period: 'calendar' }, '2026-10-05').map(line)).toEqual(['2026-10..2026-12: 2026-10-05 to 2026-12-31']);
  });

  it('five months are counted through the years, each month lies in one period', () => {
    const cycles = ['2026-01-15', '2026-06-15', '2026-11-15', '2027-01-15'].map((day) => dueOf(customer(3), { period: 'calendar' }, day)[0]?.cycle);
    expect(cycles).toEqual(['2025-11..2026-03', '2026-04..2026-08', '2026-09..2027-01', '2026-09..2027-01']);
  });
});

describe('CAR-1 what counts as a visit', () => {
  const asked = { period: 'rolling', topics: ['bill', 'rights'] };
  it.each([
    ['a visit on any campaign', { period: 'rolling' }, visit('2026-11-20'), false],
    ['a visit on another campaign, when only its own count', { period: 'rolling', anyCampaign: false }, visit('2026-11-20'), true],
    [
      'a visit of its own campaign, when only its own count',
      { period: 'rolling', anyCampaign: false },
      visit('2026-11-20', { campaign: 'star-revisit' }),
      false,
    ],
    ['a visit whose topic is not ticked, when one is asked for', asked, visit('2026-11-20', { topics: ['weather'] }), true],
    ['a visit with a ticked topic', asked, visit('2026-11-20', { topics: ['bill'] }), false],
    ['imported history, which knows no topics', asked, visit('2026-11-20', { imported: true }), false],
  ])('%s', (_, given, fact, stillNever) => {
    expect(dueOf(customer(7, fact), given, '2026-11-20')[0]?.cycle ?? 'after').toMatch(stillNever ? 'never' : /^after/);
  });

  it('a visit after the day asked about does not count', () => {
    expect(dueOf(customer(7, visit('2026-11-25')), { period: 'rolling' })[0]?.cycle).toBe('never');
  });
});

describe('CAR-1 who has no cadence', () => {
  it.each([
    ['a star 0 is not rated', { ...customer(0) }, 'care.why.no_cadence'],
    ['a suspended customer', { ...customer(7), status: 'suspended' as const }, 'care.why.not_active'],
    ['one who left', { ...customer(7), status: 'churned' as const }, 'care.why.not_active'],
  ])('%s', (_, facts, why) => {
    const decision = starRevisit.decide(facts, settings({}), moment('2026-11-24'));
    expect(decision.due).toEqual([]);
    expect(decision.why.key).toBe(why);
  });

  it('a gap wider than the period is refused, by its star', () => {
    expect(starRevisit.check?.(settings({ minGapDays: { 7: 15, 6: 60, 5: 15 }, months: { 7: 1, 6: 1, 5: 3 } }))).toEqual({
      name: 'minGapDays.6',
      code: 'revisit_gap_too_wide',
      params: { star: '6' },
    });
    expect(starRevisit.check?.(settings({}))).toBeNull();
  });
});

it('CAR-1 leaves a message when all attempts failed, unless the planner wants none', () => {
  expect(starRevisit.leftWhenUnreached?.(settings({}))).toBe('star-revisit-missed');
  expect(starRevisit.leftWhenUnreached?.(settings({ leaveMessage: false }))).toBeNull();
});

describe('CAR-10 whoever was there may count as visited', () => {
  const came = (kind: CareFacts['attended'][number]['kind'], on: string): CareFacts => ({ ...customer(7), attended: [{ kind, on }] });
  it.each<[string, CareFacts, string, string[]]>([
    ['nobody unless the planner says so', came('home-visit', '2026-11-20'), 'none', ['never: 2026-11-24 to 2026-11-24 late']],
    ['a visit at home', came('home-visit', '2026-11-20'), 'visits', ['after 2026-11-20: 2026-12-05 to 2026-12-20']],
    ['a visit at the counter', came('counter-visit', '2026-11-20'), 'visits', ['after 2026-11-20: 2026-12-05 to 2026-12-20']],
    ['no salon, where only visits do', came('salon', '2026-11-20'), 'visits', ['never: 2026-11-24 to 2026-11-24 late']],
    ['a salon', came('salon', '2026-11-20'), 'all', ['after 2026-11-20: 2026-12-05 to 2026-12-20']],
    ['not one that is still to come', came('salon', '2026-11-25'), 'all', ['never: 2026-11-24 to 2026-11-24 late']],
    [
      'the last of calls and visits',
      { ...came('home-visit', '2026-11-01'), visits: [visit('2026-11-20')] },
      'visits',
      ['after 2026-11-20: 2026-12-05 to 2026-12-20'],
    ],
  ])('%s', (_, facts, attendance, expected) => expect(dueOf(facts, { period: 'rolling', attendance }).map(line)).toEqual(expected));
});
