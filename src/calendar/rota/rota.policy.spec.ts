import { yearTable } from '../year.policy.js';
import { overlap, rosteredOn, rotaOn } from './rota.policy.js';
import type { RotaAbsence, RotaFacts } from './rota.types.js';

const days = new Map(yearTable(2026).days.map((one) => [one.day, one]));
const official = (day: string) => days.get(day) ?? { day, working: false, kind: 'weekend' as const };
const person = (facts: Partial<RotaFacts> = {}): RotaFacts => ({ dailyCapacity: 60, patterns: [], days: [], absences: [], ...facts });
const away = (facts: Partial<RotaAbsence>): RotaAbsence => ({
  id: '1',
  from: '2026-11-23',
  to: '2026-11-27',
  kind: 'leave',
  part: 'day',
  lossPercent: 100,
  deputyId: null,
  ...facts,
});
/** Tuesday to Saturday, Saturday half a day. */
const shift = [{ from: '2026-01-01', shares: [0, 100, 100, 100, 100, 50, 0] }];

describe('CAR-1 the days a person is rostered', () => {
  it.each<[what: string, day: string, facts: Partial<RotaFacts>, rostered: number, reason: string]>([
    ['a Tuesday, nothing said', '2026-11-24', {}, 100, 'official'],
    ['a Saturday, nothing said', '2026-11-28', {}, 0, 'official'],
    ['a make-up Saturday', '2026-10-10', {}, 100, 'official'],
    ['National Day', '2026-10-01', {}, 0, 'official'],
    ['a Saturday of somebody who works on Saturdays', '2026-11-28', { patterns: shift }, 50, 'pattern'],
    ['a Monday of the same', '2026-11-23', { patterns: shift }, 0, 'pattern'],
    ['a make-up Saturday of the same', '2026-10-10', { patterns: shift }, 100, 'makeup'],
    ['a make-up Sunday of somebody who never works on Sundays', '2026-09-20', { patterns: shift }, 100, 'makeup'],
    ['a Saturday within Mid-autumn', '2026-09-26', { patterns: shift }, 0, 'holiday'],
    ['a Thursday off by the notice', '2026-10-01', { patterns: shift }, 0, 'holiday'],
    ['before the week begins', '2025-12-31', { patterns: shift }, 0, 'official'],
    [
      'after a new week has begun',
      '2026-11-28',
      { patterns: [...shift, { from: '2026-11-01', shares: [100, 100, 100, 100, 100, 0, 0] }] },
      0,
      'pattern',
    ],
    ['the official week again', '2026-11-23', { patterns: [...shift, { from: '2026-11-01', shares: null }] }, 100, 'official'],
    ['on duty on a holiday', '2026-10-01', { patterns: shift, days: [{ day: '2026-10-01', share: 50 }] }, 50, 'single'],
    ['a free Tuesday', '2026-11-24', { days: [{ day: '2026-11-24', share: 0 }] }, 0, 'single'],
  ])('%s', (_what, day, facts, rostered, reason) => {
    expect(rosteredOn(official(day), person(facts))).toEqual({ rostered, reason });
  });
});

describe('CAR-1 what an absence leaves of a day', () => {
  it.each<[what: string, day: string, facts: Partial<RotaFacts>, share: number, calls: number]>([
    ['nobody away', '2026-11-24', {}, 100, 60],
    ['leave', '2026-11-24', { absences: [away({})] }, 0, 0],
    ['the day after the leave', '2026-11-30', { absences: [away({})] }, 100, 60],
    ['the last day of the leave', '2026-11-27', { absences: [away({})] }, 0, 0],
    ['leave in the morning', '2026-11-24', { absences: [away({ part: 'morning' })] }, 50, 30],
    ['a visit that costs half of the calls', '2026-11-24', { absences: [away({ kind: 'visit', lossPercent: 50 })] }, 50, 30],
    ['a visit in the afternoon', '2026-11-24', { absences: [away({ kind: 'visit', lossPercent: 50, part: 'afternoon' })] }, 75, 45],
    [
      'morning training, afternoon visit',
      '2026-11-24',
      { absences: [away({ part: 'morning' }), away({ id: '2', part: 'afternoon', lossPercent: 50 })] },
      25,
      15,
    ],
    ['leave on a day off', '2026-11-28', { absences: [away({ to: '2026-11-30' })] }, 0, 0],
    ['leave in the morning of a half day', '2026-11-28', { patterns: shift, absences: [away({ to: '2026-11-30', part: 'morning' })] }, 25, 15],
    ['a share that does not divide is rounded down', '2026-11-24', { dailyCapacity: 7, absences: [away({ lossPercent: 33 })] }, 67, 4],
    ['an absence that costs nothing', '2026-11-24', { absences: [away({ lossPercent: 0 })] }, 100, 60],
    ['somebody without capacity', '2026-11-24', { dailyCapacity: 0 }, 100, 0],
  ])('%s', (_what, day, facts, share, calls) => {
    expect(rotaOn(official(day), person(facts))).toMatchObject({ share, calls });
  });

  it('names the absence that takes most', () => {
    const absences = [
      away({ id: '3', part: 'morning', lossPercent: 50 }),
      away({ id: '9', part: 'afternoon' }),
      away({ id: '10', part: 'afternoon' }),
    ];
    expect(rotaOn(official('2026-11-24'), person({ absences })).absenceId).toBe('9');
    expect(rotaOn(official('2026-11-30'), person({ absences })).absenceId).toBeNull();
  });
});

describe('SYS-6 two absences of one person meet', () => {
  it.each([
    ['2026-11-23 2026-11-27 day', '2026-11-27 2026-11-30 day', true],
    ['2026-11-23 2026-11-27 day', '2026-11-28 2026-11-30 day', false],
    ['2026-11-23 2026-11-23 morning', '2026-11-23 2026-11-23 afternoon', false],
    ['2026-11-23 2026-11-23 morning', '2026-11-20 2026-11-25 morning', true],
    ['2026-11-23 2026-11-23 morning', '2026-11-20 2026-11-25 day', true],
  ])('%s and %s: %s', (one, other, meet) => {
    const read = (text: string) => {
      const [from = '', to = '', part = ''] = text.split(' ');
      return { from, to, part: part as RotaAbsence['part'] };
    };
    expect(overlap(read(one), read(other))).toBe(meet);
    expect(overlap(read(other), read(one))).toBe(meet);
  });
});
