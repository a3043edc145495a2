import { type CareFacts, NOTHING_KNOWN } from '../care.types.js';
import type { GreetingFacts, OccasionFact } from '../greetings/greetings.types.js';
import { calendarGreeting } from './calendar-greeting.rule.js';
import { readSettings } from './settings.policy.js';

const DAY = '2026-12-22';
const term: OccasionFact = { kind: 'solar-term', name: '冬至', markId: null };
const festival: OccasionFact = { kind: 'festival', name: '元宵节', markId: null };
const mark = (kind: 'member-day' | 'cold' | 'heat', markId: string): OccasionFact => ({ kind, name: kind, markId });
const approval = { template: 'winter', current: true };

const decide = (today: Partial<GreetingFacts>, given: object = {}, facts: Partial<CareFacts> = {}) =>
  calendarGreeting.decide(
    { ...NOTHING_KNOWN, star: 6, today: { central: false, occasions: [term], approval, ...today }, ...facts },
    readSettings(calendarGreeting.fields, { ...given }),
    { day: DAY, isWorking: () => true, isOccasion: () => true },
  );
const told = (...asked: Parameters<typeof decide>): string => {
  const { due, why } = decide(...asked);
  return due.map(({ cycle, facts }) => `${cycle}: ${facts.name}, ${facts.template}`).join() || why.key.slice('care.why.greeting_'.length);
};

describe('CAR-5 greetings by the calendar', () => {
  it.each<[string, Parameters<typeof decide>, string]>([
    ['a solar term, with the text the client approved', [{}], `${DAY}: 冬至, winter`],
    ['the festival before the solar term', [{ occasions: [term, festival] }], `${DAY}: 元宵节, winter`],
    ['what the almanac knows before what somebody noted', [{ occasions: [mark('cold', '3'), term] }], `${DAY}: 冬至, winter`],
    ['a cold spell, once, whichever of its days it is', [{ occasions: [mark('cold', '3')] }], 'mark 3: cold, winter'],
    ['of two of a kind the one noted first', [{ occasions: [mark('heat', '12'), mark('heat', '9')] }], 'mark 9: heat, winter'],
    ['the member day before the weather', [{ occasions: [mark('cold', '3'), mark('member-day', '8')] }], 'mark 8: member-day, winter'],
    [
      'the next best when the planner wants no solar terms',
      [{ occasions: [term, mark('cold', '3')] }, { solarTerms: false }],
      'mark 3: cold, winter',
    ],
    ['nothing when no kind is left', [{}, { solarTerms: false }], 'no_day'],
    ['nothing on an ordinary day', [{ occasions: [] }], 'no_day'],
    ['nothing at a star the planner left out', [{}, { stars: [7] }], 'not_for'],
    ['nothing for a suspended customer', [{}, {}, { status: 'suspended' }], 'not_for'],
  ])('%s', (_, asked, expected) => {
    expect(told(...asked)).toBe(expected);
  });

  it.each<[string, Partial<GreetingFacts>, string]>([
    ['GOV-6 never on a day of the province, whatever was approved', { central: true, occasions: [festival] }, 'central'],
    ['not without the word of the client', { approval: null }, 'unapproved'],
    ['not with another wording than the approved one', { approval: { template: 'winter', current: false } }, 'reworded'],
  ])('%s', (_, today, expected) => {
    expect(told(today)).toBe(expected);
  });
});
