import { addDays, type Day, daysBetween } from '../../kernel/day.js';
import { type CareFacts, NOTHING_KNOWN } from '../care.types.js';
import { RULES, ruleOf } from './rule-list.policy.js';
import type { Settings } from './setting.types.js';
import { readSettings } from './settings.policy.js';

const DAY: Day = '2026-11-17';
const weekday = (day: Day): boolean => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
const moment = (day: Day) => ({ day, isWorking: weekday, isOccasion: () => false });

const daysUntil = (last: Day): Day[] => Array.from({ length: Math.max(0, daysBetween(DAY, last)) }, (_, i) => addDays(DAY, i + 1));

const USE = { lineId: '1', dataQuotaMb: 100, dataUsedMb: 300, voiceQuotaMin: 100, voiceUsedMin: 50 };
const PEOPLE: [name: string, facts: Partial<CareFacts>][] = [
  ['of seven stars, never visited', { star: 7 }],
  ['of five stars, visited this summer', { star: 5, visits: [{ on: '2026-08-20', campaign: 'star-revisit', topics: [], imported: true }] }],
  ['of three stars, visited in this period', { star: 3, visits: [{ on: '2026-11-02', campaign: 'daily-care', topics: [], imported: true }] }],
  ['with a birthday on a Sunday soon', { star: 6, birthday: { month: 11, day: 22, calendar: 'solar' } }],
  ['with a lunar birthday', { star: 6, birthday: { month: 10, day: 14, calendar: 'lunar' } }],
  ['back from abroad', { star: 4, roaming: [{ month: '2026-10-01', destination: '日本', days: 5, feeFen: 8800, returnedOn: '2026-10-28' }] }],
  ['beyond the package', { star: 5, uses: ['2026-08-01', '2026-09-01', '2026-10-01'].map((month) => ({ ...USE, month })) }],
  ['silent since spring', { star: 2, lastTalkOn: '2026-03-01' }],
  [
    'promoted and told of it',
    {
      star: 6,
      hasManager: true,
      starChanges: [{ on: '2026-11-10', from: 5, to: 6 }],
      planned: [{ rule: 'star-promotion', cycle: '2026-11-10-notice', on: '2026-11-10', state: 'done', closedOn: '2026-11-10' }],
    },
  ],
  ['with a new manager', { star: 6, managerId: '2', managerChanges: [{ on: '2026-11-16', from: '1', to: '2' }] }],
  ['who is sub-healthy', { star: 1, lastTalkOn: '2026-09-01', health: { tier: 'sub-healthy', since: '2026-10-01', reason: 'score' } }],
  ['whose complaint is closed', { star: 1, followUps: [{ kind: 'complaint', reference: 'T1', closedOn: '2026-11-16' }] }],
];

describe('CAR-11 calls that follow changes are named until the deadline, as long as nothing changes', () => {
  const following = RULES.filter(({ replan }) => replan.follows.includes('call'));
  const namedBy = new Set<string>();

  const SETTINGS: [code: string, given: Settings][] = [
    ['star-revisit', { period: 'calendar' }],
    ['star-revisit', { period: 'rolling' }],
    ['birthday', { horizonDays: 10 }],
    ['roaming-return', {}],
    ['package-usage', {}],
    ['silent', {}],
    ['periodic-attention', {}],
    ['star-promotion', {}],
    ['star-rights', {}],
    ['service-follow-up', {}],
  ];

  it.each(PEOPLE)('somebody %s', (_, known) => {
    const facts = { ...NOTHING_KNOWN, id: '7', hasManager: true, joinedOn: '2020-01-01', ...known };
    for (const [code, given] of SETTINGS) {
      const rule = ruleOf(code);
      const callsOn = (day: Day) => rule.decide(facts, readSettings(rule.fields, given), moment(day)).due.filter(({ channel }) => channel === 'call');
      const first = callsOn(DAY);
      if (first.length > 0) namedBy.add(code);
      const later = first.flatMap((due) =>
        daysUntil(due.deadlineOn).map((day) => ({ day, due, same: callsOn(day).find(({ cycle }) => cycle === due.cycle) })),
      );
      expect(later.filter(({ due, same }) => !same || (!same.late && same.deadlineOn !== due.deadlineOn))).toEqual([]);
    }
  });

  it('and each of them has named somebody', () => expect([...namedBy].sort()).toEqual(following.map(({ code }) => code as string).sort()));
});
