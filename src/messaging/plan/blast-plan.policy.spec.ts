import { planBlast, type PlanFacts, type Span } from './blast-plan.policy.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);
const span = (day: string, from: string, to: string): Span => ({ from: at(`${day}T${from}`), to: at(`${day}T${to}`) });
const DAYS = ['2026-11-24', '2026-11-25', '2026-11-26'].map((day) => span(day, '09:00', '20:00'));
const facts = (change: Partial<PlanFacts>): PlanFacts => ({
  left: 100_000,
  ratePerSecond: 10,
  from: at('2026-11-24T18:16'),
  notAfter: null,
  spans: DAYS,
  ...change,
});
const told = (change: Partial<PlanFacts>) => {
  const { days, finishAt, expiring, expiringFor, beyond } = planBlast(facts(change));
  const time = (instant: Date | null): string | null =>
    instant && new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
  return { days: days.map(({ from, to, count }) => [time(from), time(to), count]), finishAt: time(finishAt), expiring, expiringFor, beyond };
};
const whole = { expiring: 0, expiringFor: null, beyond: 0 };

describe('R15 the plan of a blast', () => {
  it('does not fit today: 62,400 today, the rest tomorrow from 09:00', () => {
    expect(told({})).toEqual({
      days: [
        ['11-24 18:16', '11-24 20:00', 62_400],
        ['11-25 09:00', '11-25 10:02', 37_600],
      ],
      finishAt: '11-25 10:02',
      ...whole,
    });
  });

  it.each<[string, Partial<PlanFacts>, ReturnType<typeof told>]>([
    ['fits', { left: 6_000 }, { days: [['11-24 18:16', '11-24 18:26', 6_000]], finishAt: '11-24 18:26', ...whole }],
    ['fits to the last second', { left: 62_400 }, { days: [['11-24 18:16', '11-24 20:00', 62_400]], finishAt: '11-24 20:00', ...whole }],
    [
      'one more goes out tomorrow',
      { left: 62_401 },
      {
        days: [
          ['11-24 18:16', '11-24 20:00', 62_400],
          ['11-25 09:00', '11-25 09:00', 1],
        ],
        finishAt: '11-25 09:00',
        ...whole,
      },
    ],
    ['nobody is left', { left: 0 }, { days: [], finishAt: null, ...whole }],
    [
      'after the window, from the next opening',
      { from: at('2026-11-24T21:00'), left: 10 },
      { days: [['11-25 09:00', '11-25 09:00', 10]], finishAt: '11-25 09:00', ...whole },
    ],
    [
      'a closed day between is left out',
      { spans: [DAYS[0], DAYS[2]] as Span[] },
      {
        days: [
          ['11-24 18:16', '11-24 20:00', 62_400],
          ['11-26 09:00', '11-26 10:02', 37_600],
        ],
        finishAt: '11-26 10:02',
        ...whole,
      },
    ],
    [
      'two windows of one day are one line',
      { spans: [span('2026-11-24', '18:00', '19:00'), span('2026-11-24', '19:30', '20:00')], left: 30_000 },
      { days: [['11-24 18:16', '11-24 19:36', 30_000]], finishAt: '11-24 19:36', ...whole },
    ],
    [
      'who is left at notAfter expires',
      { notAfter: at('2026-11-24T19:00') },
      { days: [['11-24 18:16', '11-24 19:00', 26_400]], finishAt: null, expiring: 73_600, expiringFor: 'slow', beyond: 0 },
    ],
    [
      'notAfter in the night lets tomorrow’s all expire',
      { notAfter: at('2026-11-25T08:00') },
      { days: [['11-24 18:16', '11-24 20:00', 62_400]], finishAt: null, expiring: 37_600, expiringFor: 'slow', beyond: 0 },
    ],
    ['notAfter has passed', { notAfter: at('2026-11-24T18:00') }, { days: [], finishAt: null, expiring: 100_000, expiringFor: 'past', beyond: 0 }],
    [
      'wholly in the night: no rate would help',
      { from: at('2026-11-24T22:00'), notAfter: at('2026-11-24T23:00') },
      { days: [], finishAt: null, expiring: 100_000, expiringFor: 'closed', beyond: 0 },
    ],
    [
      'one minute before the night, and too slow for all',
      { from: at('2026-11-24T19:59'), notAfter: at('2026-11-24T23:00') },
      { days: [['11-24 19:59', '11-24 20:00', 600]], finishAt: null, expiring: 99_400, expiringFor: 'slow', beyond: 0 },
    ],
    [
      'notAfter far away changes nothing',
      { left: 10, notAfter: at('2027-01-01T00:00') },
      { days: [['11-24 18:16', '11-24 18:16', 10]], finishAt: '11-24 18:16', ...whole },
    ],
    [
      'so slow that nobody looks so far ahead',
      { ratePerSecond: 1, spans: DAYS.slice(0, 1) },
      { days: [['11-24 18:16', '11-24 20:00', 6_240]], finishAt: null, expiring: 0, expiringFor: null, beyond: 93_760 },
    ],
    ['no window at all', { spans: [] }, { days: [], finishAt: null, expiring: 0, expiringFor: null, beyond: 100_000 }],
  ])('%s', (_what, change, plan) => {
    expect(told(change)).toEqual(plan);
  });

  it('everybody is in exactly one place, whatever the rate', () => {
    for (const ratePerSecond of [1, 3, 7, 30, 333, 5_000])
      for (const notAfter of [null, at('2026-11-24T18:17'), at('2026-11-25T13:00')]) {
        const { days, expiring, beyond } = planBlast(facts({ ratePerSecond, notAfter }));
        expect(days.reduce((sum, { count }) => sum + count, 0) + expiring + beyond).toBe(100_000);
      }
  });
});
