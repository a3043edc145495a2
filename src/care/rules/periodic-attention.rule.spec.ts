import { type CareFacts, type HealthFact, NOTHING_KNOWN } from '../care.types.js';
import { periodicAttention } from './periodic-attention.rule.js';
import { readSettings } from './settings.policy.js';

/** Customer 9: every 30 days a turn begins on 2026-11-09, for one in 30 customers. */
const SICK: HealthFact = { tier: 'sub-healthy', since: '2026-10-01', reason: 'complaints' };
const customer = (facts: Partial<CareFacts> = {}): CareFacts => ({ ...NOTHING_KNOWN, id: String(TURN), star: 3, health: SICK, ...facts });
/** Days since 1970 of 2026-11-09, by 30. */
const TURN = 20_766 % 30;
const decide = (facts: CareFacts, day: string, given: object = {}) =>
  periodicAttention.decide(facts, readSettings(periodicAttention.fields, { ...given }), { day, isWorking: () => true, isOccasion: () => false });
const dueOf = (facts: CareFacts, day: string, given: object = {}): string[] =>
  decide(facts, day, given).due.map(({ channel, cycle, fromOn, deadlineOn }) => `${channel} ${cycle}: ${fromOn} to ${deadlineOn}`);

describe('CUS-5 a sub-healthy customer is called once in 30 days', () => {
  it.each<[string, Partial<CareFacts>, string, string[]]>([
    ['never spoken with, on the first day of a turn', {}, '2026-11-09', ['call 2026-11-09: 2026-11-09 to 2026-12-08']],
    ['on its last day still the same call', {}, '2026-12-08', ['call 2026-11-09: 2026-12-08 to 2026-12-08']],
    ['a day later the next one', {}, '2026-12-09', ['call 2026-12-09: 2026-12-09 to 2027-01-07']],
    ['spoken with 30 days ago', { lastTalkOn: '2026-10-20' }, '2026-11-19', ['call 2026-11-09: 2026-11-19 to 2026-12-08']],
    [
      'spoken with the day before the turn, on its last day',
      { lastTalkOn: '2026-11-08' },
      '2026-12-08',
      ['call 2026-11-09: 2026-12-08 to 2026-12-08'],
    ],
    ['ill since the middle of the turn', { health: { ...SICK, since: '2026-11-24' } }, '2026-11-24', ['call 2026-11-09: 2026-11-24 to 2026-12-08']],
  ])('%s', (_, facts, day, due) => expect(dueOf(customer(facts), day)).toEqual(due));

  it.each<[string, Partial<CareFacts>, string, string | null]>([
    ['29 days after somebody spoke with them', { lastTalkOn: '2026-10-20' }, '2026-11-18', '2026-11-19'],
    ['spoken with in this turn', { lastTalkOn: '2026-11-09' }, '2026-12-08', '2026-12-09'],
    ['spoken with late in this turn', { lastTalkOn: '2026-12-01' }, '2026-12-09', '2026-12-31'],
    ['ill since the second half of the turn', { health: { ...SICK, since: '2026-11-25' } }, '2026-11-25', '2026-12-09'],
    ['healthy', { health: { tier: 'healthy', since: '2026-10-01', reason: null } }, '2026-11-09', null],
    ['at high risk: there is retention', { health: { ...SICK, tier: 'high-risk' } }, '2026-11-09', null],
    ['not judged yet', { health: null }, '2026-11-09', null],
    ['suspended', { status: 'suspended' }, '2026-11-09', null],
    ['without a star', { star: 0 }, '2026-11-09', null],
  ])('not %s, and says when', (_, facts, day, nextOn) => expect(decide(customer(facts), day)).toMatchObject({ due: [], nextOn }));

  it('at high risk where the planner says so', () =>
    expect(dueOf(customer({ health: { ...SICK, tier: 'high-risk' } }), '2026-11-09', { highRisk: true })).toHaveLength(1));

  it('as often as the planner says', () => {
    const days = Array.from({ length: 14 }, (_, n) => `2026-11-${String(n + 9).padStart(2, '0')}`);
    expect(new Set(days.flatMap((day) => decide(customer(), day, { everyDays: 7 }).due.map(({ cycle }) => cycle))).size).toBeGreaterThanOrEqual(2);
  });

  it('customers take turns: of thirty one begins each day', () => {
    const begin = (id: number): string | undefined => decide(customer({ id: String(id) }), '2026-11-20').due[0]?.cycle;
    expect(new Set(Array.from({ length: 30 }, (_, id) => begin(id))).size).toBe(30);
  });

  it('says the tier, why, and since when', () => {
    const [due] = decide(customer(), '2026-11-09').due;
    expect(periodicAttention.sentence(due?.facts ?? {}, due?.deadlineOn ?? '')).toEqual({
      key: 'care.reason.periodic-attention',
      params: {
        tier: { key: 'care.tier.sub-healthy' },
        why: { key: 'care.tier_reason.complaints' },
        since: { day: '2026-10-01' },
        days: 30,
        deadline: { day: '2026-12-08' },
      },
    });
  });
});
