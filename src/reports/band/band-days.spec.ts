import { addDays, type Day, weekday } from '../../kernel/day.js';
import { judgeBand } from '../band.policy.js';
import type { DayCount, DialCount } from './band.types.js';
import { diagnose } from './diagnosis.policy.js';
import { learntLimits } from './limits.policy.js';
import { compare, type HourShare, type Usual, usualOf } from './usual.policy.js';

/** mulberry32: the same days on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const HOURS: readonly [hour: number, share: number, lift: number][] = [
  [9, 0.12, 0],
  [10, 0.14, 0.03],
  [11, 0.12, 0],
  [14, 0.1, -0.16],
  [15, 0.1, -0.14],
  [16, 0.12, -0.02],
  [17, 0.1, 0.01],
  [18, 0.1, 0.08],
  [19, 0.1, 0.09],
];
const STARS: readonly [star: number, share: number, lift: number][] = [
  [1, 0.2, -0.18],
  [3, 0.4, 0],
  [5, 0.3, 0.04],
  [7, 0.1, 0.12],
];
/** How calls that do not connect end. `assistant` fails to connect here, as an installation may have it. */
const MISSES: readonly [kind: string, share: number][] = [
  ['no_answer', 0.45],
  ['powered_off', 0.15],
  ['busy', 0.1],
  ['rejected', 0.12],
  ['suspended', 0.06],
  ['invalid_number', 0.05],
  ['assistant', 0.04],
  ['technical', 0.03],
];
const CONNECT = 0.38;
const CUT_OFF = 0.04;
/** Days differ by themselves, by a percentage point up or down. */
const DAY_SPREAD = 0.01;
const CALLS_A_DAY = 1_000;
/** Share of all calls that would have connected and do not. */
const PLANTED = 0.12;

interface Plan {
  /** The cause planted, if any. */
  cause?: string;
  calls?: number;
  /** Only hours before this one have been dialled. */
  until?: number;
}

class Province {
  constructor(private readonly random: () => number) {}

  private pick<T>(items: readonly (readonly [T, number, ...unknown[]])[]): T {
    let left = this.random() * items.reduce((sum, [, share]) => sum + share, 0);
    for (const [value, share] of items) if ((left -= share) < 0) return value;
    return (items[items.length - 1] as readonly [T, number])[0];
  }

  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  /** One day of calls, with its cause planted. */
  day(day: Day, plan: Plan = {}): DialCount[] {
    const shift = this.normal() * DAY_SPREAD;
    const counts = new Map<string, DialCount>();
    const hours = HOURS.map(([hour, share]) => [hour, plan.cause === 'slot_mix' && [14, 15].includes(hour) ? share * 16 : share] as const);
    const stars = STARS.map(([star, share]) => [star, plan.cause === 'list_mix' && star === 1 ? share * 20 : share] as const);
    for (let i = 0; i < (plan.calls ?? CALLS_A_DAY); i++) {
      const [hour, star] = [this.pick(hours), this.pick(stars)];
      if (plan.until !== undefined && hour >= plan.until) continue;
      const [kind, connected] = this.end({ hour, star, shift, cause: plan.cause });
      const key = `${hour}|${star}|${kind}`;
      const row = counts.get(key) ?? { day, hour, star, first: true, kind, connected, caller: '025-84001000', count: 0 };
      row.count++;
      counts.set(key, row);
    }
    return [...counts.values()];
  }

  private end({ hour, star, shift, cause }: { hour: number; star: number; shift: number; cause: string | undefined }): [string, boolean] {
    if (this.random() >= this.rateOf(hour, star, shift)) return [this.pick(MISSES), false];
    const planted = cause === 'calling_number' ? 'rejected' : cause;
    if (MISSES.some(([kind]) => kind === planted) && this.random() < PLANTED / CONNECT) return [planted ?? '', false];
    return [this.random() < (cause === 'calling_number' ? CUT_OFF * 4 : CUT_OFF) ? 'cut_off' : 'reached', true];
  }

  private rateOf(hour: number, star: number, shift: number): number {
    const lift = HOURS.find(([one]) => one === hour)?.[2] ?? 0;
    return CONNECT + lift + (STARS.find(([one]) => one === star)?.[2] ?? 0) + shift;
  }
}

const FIRST: Day = '2026-09-22';
const TODAY: Day = addDays(FIRST, 56);

function eightWeeks(province: Province): { usual: Usual; days: DayCount[] } {
  const dialled = Array.from({ length: 56 }, (_, i) => province.day(addDays(FIRST, i)));
  const count = (rows: readonly DialCount[]): number => rows.reduce((sum, row) => sum + row.count, 0);
  return {
    usual: usualOf(dialled.flat().map((row) => ({ ...row, weekday: weekday(row.day) }))),
    days: dialled.map((rows, i) => ({ day: addDays(FIRST, i), attempts: count(rows), connected: count(rows.filter((row) => row.connected)) })),
  };
}

const WHOLE_DAY: HourShare = () => 1;

function judged(calls: readonly DialCount[], weeks: ReturnType<typeof eightWeeks>, passed = WHOLE_DAY) {
  const comparison = compare(calls, weeks.usual, passed);
  const connected = calls.filter((row) => row.connected).reduce((sum, row) => sum + row.count, 0);
  const limits = { ...learntLimits(comparison.expected, weeks.days), minAttempts: 200 };
  return { ...judgeBand(comparison.attempts, connected, limits), diagnosis: () => diagnose(calls, comparison) };
}

const CAUSES = [...MISSES.map(([kind]) => kind), 'calling_number', 'slot_mix', 'list_mix'];
const DAYS_A_CAUSE = 60;
const QUIET_DAYS = 200;

describe('CAM-8 on simulated days of a province', () => {
  const province = new Province(randomOf(20_261_124));
  const weeks = eightWeeks(province);

  test.each(CAUSES)('a day with %s planted is found, and the cause named, on 95 days of 100', (cause) => {
    const days = Array.from({ length: DAYS_A_CAUSE }, (_, i) => judged(province.day(addDays(TODAY, i % 7), { cause }), weeks));
    const named = days.filter(({ state, diagnosis }) => state === 'below' && diagnosis().main === cause);
    expect(named.length / DAYS_A_CAUSE).toBeGreaterThanOrEqual(0.95);
  });

  it('keeps quiet on quiet days: at most two alarms in a hundred', () => {
    const days = Array.from({ length: QUIET_DAYS }, (_, i) => judged(province.day(addDays(TODAY, i % 7)), weeks));
    expect(days.filter(({ state }) => state === 'below').length / QUIET_DAYS).toBeLessThanOrEqual(0.02);
  });

  it('keeps quiet when it looks every hour, and compares a morning with mornings', () => {
    const alarmed = Array.from({ length: QUIET_DAYS }, (_, i) => {
      const calls = province.day(addDays(TODAY, i % 7));
      return HOURS.some(([hour]) => {
        const passed = calls.filter((row) => row.hour <= hour);
        return passed.length > 0 && judged(passed, weeks, (_day, one) => (one <= hour ? 1 : 0)).state === 'below';
      });
    });
    expect(alarmed.filter(Boolean).length / QUIET_DAYS).toBeLessThanOrEqual(0.02);
  });

  it('splits every gap, planted or not, into causes that add up to it exactly', () => {
    for (const cause of [undefined, ...CAUSES]) {
      const { diagnosis: of } = judged(province.day(TODAY, { ...(cause ? { cause } : {}), calls: 300 }), weeks);
      const diagnosis = of();
      expect(diagnosis.causes.reduce((sum, one) => sum + one.excess, 0)).toBeCloseTo(diagnosis.gap, 10);
      expect(diagnosis.causes.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 8);
    }
  });
});
