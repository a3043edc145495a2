import { draws } from '../../kernel/draws.js';
import { addDays, type Day, dayStart, weekday } from '../../kernel/day.js';
import type { DayCount, DialCount, UsualCount } from './band.types.js';
import { perDay } from './chart-days.policy.js';
import { diagnose } from './diagnosis.policy.js';
import { judgeBy } from './judgement.policy.js';
import { RUN_DAYS } from './limits.policy.js';
import { compare, type Usual, usualOf } from './usual.policy.js';

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
const MISS_KINDS = MISSES.map(([kind]) => kind);
/** By hour, and by star as a negative number. */
const LIFTS = new Map([...HOURS.map(([hour, , lift]) => [hour, lift] as const), ...STARS.map(([star, , lift]) => [-star, lift] as const)]);
const CONNECT = 0.38;
const CUT_OFF = 0.04;
/** Days differ by themselves, by a percentage point up or down; in a province where they are over-dispersed, by three. */
const DAY_SPREAD = 0.01;
const WIDE_SPREAD = 0.03;
const CALLS_A_DAY = 1_000;
/** Share of all calls that would have connected and do not. */
const PLANTED = 0.12;

interface Plan {
  /** The cause planted, if any. */
  cause?: string;
  calls?: number;
  /** Only hours before this one have been dialled. */
  until?: number;
  /** Every call connects by so much less. */
  drift?: number;
}

/** Picks as often as the shares say. */
const pickerOf = <T>(items: readonly (readonly [T, number, ...unknown[]])[], random: () => number): (() => T) => {
  const whole = items.reduce((sum, [, share]) => sum + share, 0);
  return () => {
    let left = random() * whole;
    for (const [value, share] of items) if ((left -= share) < 0) return value;
    return (items[items.length - 1] as readonly [T, number])[0];
  };
};

class Province {
  private readonly miss: () => string;

  constructor(
    private readonly random: () => number,
    private readonly spread = DAY_SPREAD,
  ) {
    this.miss = pickerOf(MISSES, random);
  }

  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  /** One day of calls, with its cause planted. */
  day(day: Day, plan: Plan = {}): DialCount[] {
    const shift = this.normal() * this.spread - (plan.drift ?? 0);
    const counts = new Map<string, DialCount>();
    const hours = HOURS.map(([hour, share]) => [hour, plan.cause === 'slot_mix' && [14, 15].includes(hour) ? share * 16 : share] as const);
    const stars = STARS.map(([star, share]) => [star, plan.cause === 'list_mix' && star === 1 ? share * 20 : share] as const);
    const [anHour, aStar] = [pickerOf(hours, this.random), pickerOf(stars, this.random)];
    for (let i = 0; i < (plan.calls ?? CALLS_A_DAY); i++) {
      const [hour, star] = [anHour(), aStar()];
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
    if (this.random() >= CONNECT + (LIFTS.get(hour) ?? 0) + (LIFTS.get(-star) ?? 0) + shift) return [this.miss(), false];
    const planted = cause === 'calling_number' ? 'rejected' : cause;
    if (planted && MISS_KINDS.includes(planted) && this.random() < PLANTED / CONNECT) return [planted, false];
    return [this.random() < (cause === 'calling_number' ? CUT_OFF * 4 : CUT_OFF) ? 'cut_off' : 'reached', true];
  }
}

const FIRST: Day = '2026-09-22';
const BAND = { lower: null, upper: null, minAttempts: 200 };

const WEEKS_BEFORE = 63;
const quietDays = (days: number): Plan[] => Array.from({ length: days }, () => ({}));

/** Nine weeks of a province and the days after them, judged as the watch judges them. */
class Calendar {
  private constructor(
    private readonly province: Province,
    private readonly days: readonly DialCount[][],
    private readonly kept = new Map<number, { usual: Usual; series: DayCount[] }>(),
  ) {}

  static of(province: Province): Calendar {
    return new Calendar(province, []).then(quietDays(WEEKS_BEFORE));
  }

  /** The same past with these days after it. */
  then(plans: readonly Plan[]): Calendar {
    const past = this.days.length < WEEKS_BEFORE ? [] : [[56, this.weeksBefore(WEEKS_BEFORE)] as const];
    const days = plans.map((plan, i) => this.province.day(addDays(FIRST, this.days.length + i), plan));
    return new Calendar(this.province, [...this.days, ...days], new Map(past));
  }

  /** What is found at an hour of the day `ahead` days after the first nine weeks. */
  judged(ahead = 0, hour = 24) {
    const index = WEEKS_BEFORE + ahead;
    const { usual, series } = this.weeksBefore(index);
    const calls = (this.days[index] ?? []).filter((row) => row.hour < hour);
    const recent = [...this.longAgo(index), ...this.days.slice(index - 7, index).flat(), ...calls];
    const now = new Date(dayStart(addDays(FIRST, index)).getTime() + hour * 3_600_000 - 1);
    return judgeBy({ rate: 'total', recent, series: [series], likeness: 'all', set: BAND, now }, usual);
  }

  /** The days before the last seven count for runs only: how many calls, how many connected. */
  private longAgo(index: number): DialCount[] {
    return this.days.slice(index - RUN_DAYS + 1, index - 7).flatMap(summed);
  }

  /** The eight weeks before the last seven days; taken anew once a week, to be quick. */
  private weeksBefore(index: number) {
    const until = Math.floor((index - 7) / 7) * 7;
    const known = this.kept.get(until);
    if (known) return known;
    const weeks = this.days.slice(until - 56, until);
    const made = { usual: usualOf(tallied(weeks.flat())), series: weeks.flatMap(perDay) };
    this.kept.set(until, made);
    return made;
  }
}

const sums = new Map<DialCount[], DialCount[]>();
function summed(calls: DialCount[]): DialCount[] {
  const known =
    sums.get(calls) ??
    perDay(calls).flatMap(({ day, attempts, connected }) => {
      const row = { day, hour: 9, star: 3, first: true, caller: '' };
      return [
        { ...row, kind: 'reached', connected: true, count: connected },
        { ...row, kind: 'no_answer', connected: false, count: attempts - connected },
      ];
    });
  sums.set(calls, known);
  return known;
}

function tallied(rows: readonly DialCount[]): UsualCount[] {
  const counts = new Map<string, UsualCount>();
  for (const { day, caller: _caller, ...row } of rows) {
    const on = weekday(day);
    const key = `${on}|${row.hour}|${row.star}|${row.kind}|${row.connected}`;
    const known = counts.get(key);
    if (known) known.count += row.count;
    else counts.set(key, { ...row, weekday: on });
  }
  return [...counts.values()];
}

const CAUSES = [...MISSES.map(([kind]) => kind), 'calling_number', 'slot_mix', 'list_mix'];
const DAYS_A_CAUSE = 60;
const QUIET_DAYS = 200;
const DRIFTS = 10;
const DRIFT_DAYS = 28;
/** The share of quiet days on which a breach of these directions opens when somebody looks at these hours. */
function alarms(calendar: Calendar, directions: readonly string[], hours = [24]): number {
  const states = Array.from({ length: QUIET_DAYS }, (_, i) => hours.map((hour) => calendar.judged(i, hour).state)).flat();
  const opened = states.flatMap((state, i) => (directions.includes(state) && state !== states[i - 1] ? [Math.floor(i / hours.length)] : []));
  return new Set(opened).size / QUIET_DAYS;
}
const BOTH = ['below', 'above'];

describe('CAM-8 on simulated days of a province', () => {
  const past = Calendar.of(new Province(draws(20_261_124)));
  const quiet = past.then(quietDays(QUIET_DAYS));

  test.each(CAUSES)('a day with %s planted is found, and the cause named, on 95 days of 100', (cause) => {
    const days = Array.from({ length: DAYS_A_CAUSE }, () => past.then([{ cause }]).judged());
    const named = days.filter(({ state, rule, diagnosis }) => state === 'below' && rule === 'limit' && diagnosis?.main === cause);
    expect(named.length / DAYS_A_CAUSE).toBeGreaterThanOrEqual(0.95);
  });

  it('keeps quiet on quiet days, limits and runs on both sides together: at most two alarms in a hundred', () => {
    expect(alarms(quiet, BOTH)).toBeLessThanOrEqual(0.02);
  });

  it('keeps quiet when it looks every hour, and compares a morning with mornings', () => {
    expect(alarms(quiet, BOTH, [10, 11, 12, 15, 16, 17, 18, 19, 20])).toBeLessThanOrEqual(0.02);
  });

  it('keeps quiet where days differ by far more than chance, because the limits widen with them (Laney)', () => {
    const wide = Calendar.of(new Province(draws(20_261_126), WIDE_SPREAD)).then(quietDays(QUIET_DAYS));
    expect(alarms(wide, BOTH)).toBeLessThanOrEqual(0.02);
    expect(wide.judged(100).dispersion).toBeGreaterThan(1.7); // √(1 + 0.03² · 1000 ÷ 0.24) = 2.2
  });

  it('finds a slow drift of a quarter point a day by its run, where the limits find fewer', () => {
    const found = Array.from({ length: DRIFTS }, () => {
      const drifting = past.then(Array.from({ length: DRIFT_DAYS }, (_, i) => ({ drift: Math.min(0.025, 0.0025 * i) })));
      const looks = Array.from({ length: DRIFT_DAYS }, (_, i) => drifting.judged(i)).filter(({ state }) => state === 'below');
      return { run: looks.some(({ rule }) => rule === 'run'), limit: looks.some(({ rule }) => rule === 'limit') };
    });
    const [runs, limits] = [found.filter(({ run }) => run).length, found.filter(({ limit }) => limit).length];
    expect(runs / DRIFTS).toBeGreaterThanOrEqual(0.9);
    expect(limits).toBeLessThan(runs);
  });

  it('splits every gap, planted or not, into causes that add up to it exactly', () => {
    const province = new Province(draws(20_261_127));
    const usual = usualOf(tallied(Array.from({ length: 56 }, (_, i) => province.day(addDays(FIRST, i))).flat()));
    for (const cause of [undefined, ...CAUSES]) {
      const calls = province.day(addDays(FIRST, WEEKS_BEFORE), { ...(cause ? { cause } : {}), calls: 300 });
      const diagnosis = diagnose(
        calls,
        compare(calls, usual, () => 1),
      );
      expect(diagnosis.causes.reduce((sum, one) => sum + one.excess, 0)).toBeCloseTo(diagnosis.gap, 10);
      expect(diagnosis.causes.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 8);
    }
  });
});
