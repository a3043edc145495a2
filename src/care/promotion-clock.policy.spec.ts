import { type Day, weekday } from '../kernel/day.js';
import { clockOf, clockState, type PromotionFacts } from './promotion-clock.policy.js';
import { readPromotion, starPromotion } from './rules/star-promotion.rule.js';
import { defaultsOf } from './rules/settings.policy.js';

const OFF = ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'];
const isWorking = (day: Day): boolean => day === '2026-10-10' || (weekday(day) <= 5 && !OFF.includes(day));
const NEW: PromotionFacts = {
  promotedOn: '2026-09-30',
  deadlineOn: '2026-10-30',
  boundOn: null,
  sent: 0,
  noticeOn: null,
  noticeState: null,
  visitOn: null,
  visitState: null,
  visitClosedOn: null,
  attempts: 0,
  lack: null,
};
const BOUND = { ...NEW, boundOn: '2026-09-30' };
const TOLD: PromotionFacts = { ...BOUND, sent: 1, noticeOn: '2026-09-30', noticeState: 'done' };
const PLANNED: PromotionFacts = { ...TOLD, visitOn: '2026-10-12', visitState: 'open' };
const clock = (facts: PromotionFacts, day: Day) => clockOf(facts, readPromotion(defaultsOf(starPromotion.fields)), { day, isWorking });

describe('CAR-2 the clock of a promotion', () => {
  it.each<[string, PromotionFacts, Day, string, string]>([
    ['nobody has the customer yet', NEW, '2026-10-08', 'bound running 2, notice waiting 14, visit waiting 17', 'running'],
    ['on the last working day, the Saturday made up', NEW, '2026-10-10', 'bound running 0, notice waiting 12, visit waiting 15', 'running'],
    ['on the day after', NEW, '2026-10-11', 'bound late 0 unbound, notice waiting 12, visit waiting 15', 'late'],
    ['bound, not told', BOUND, '2026-10-08', 'bound done, notice running 14, visit waiting 17', 'running'],
    ['told too late for a visit in time', BOUND, '2026-10-28', 'bound done, notice late -1 not_sent, visit missing 2 notice_late', 'late'],
    ['told, visit to come', PLANNED, '2026-10-09', 'bound done, notice done, visit running 16', 'running'],
    ['no room for the visit', { ...PLANNED, lack: 'no_capacity' }, '2026-10-09', 'bound done, notice done, visit missing 16 no_capacity', 'missing'],
    ['nobody there for the visit', { ...PLANNED, lack: 'away' }, '2026-10-09', 'bound done, notice done, visit missing 16 away', 'missing'],
    ['tried twice in vain', { ...PLANNED, attempts: 2 }, '2026-10-20', 'bound done, notice done, visit missing 8 tried', 'missing'],
    [
      'planned after its last day',
      { ...PLANNED, visitOn: '2026-11-02' },
      '2026-10-20',
      'bound done, notice done, visit missing 8 planned_after',
      'missing',
    ],
    ['the month over', PLANNED, '2026-11-02', 'bound done, notice done, visit late -1 not_visited', 'late'],
    ['visited', { ...PLANNED, visitState: 'done', visitClosedOn: '2026-10-13' }, '2026-10-20', 'bound done, notice done, visit done', 'done'],
    [
      'visited late',
      { ...PLANNED, visitState: 'done', visitClosedOn: '2026-11-03' },
      '2026-11-04',
      'bound done, notice done, visit done_late',
      'done',
    ],
    [
      'the notice given up',
      { ...PLANNED, sent: 3, noticeState: 'not_reached' },
      '2026-10-12',
      'bound done, notice passed undelivered, visit running 14',
      'running',
    ],
  ])('%s', (_, facts, day, expected, state) => {
    const steps = clock(facts, day);
    expect(steps.map(({ name, state: at, left, why }) => [name, at, left, why].filter((part) => part !== null).join(' ')).join(', ')).toBe(expected);
    expect(clockState(steps)).toBe(state);
  });
});
