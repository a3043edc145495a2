import { addDays, type Day } from '../../kernel/day.js';
import { allowedFrom, dryRun } from './dry-run.policy.js';
import type { Hand, Plan, Rates } from './dry-run.types.js';
import { callsBy, cellsOf, type Hours } from './hours.policy.js';
import { outlookOf } from './ranges.policy.js';
import { ASSUMED, ratesOf, WEIGHT } from './rates.policy.js';

/** A Tuesday. */
const FIRST = '2026-11-24';
const USUAL = [['09:00', '12:00'], ['14:00', '20:00']] as const; // prettier-ignore
const HOURS: Hours = { first: FIRST, last: '2026-12-31', fromMinute: 0, slots: USUAL, usual: USUAL, closed: new Set(), minGapMinutes: 120 };
const CELLS = cellsOf(HOURS);
const everyDay = (calls: number, off: readonly Day[] = []): Map<Day, number> =>
  new Map(Array.from({ length: 60 }, (_, n) => addDays(FIRST, n)).map((day) => [day, off.includes(day) ? 0 : calls]));
const hand = (people: number, calls: number, more: Partial<Hand> = {}): Hand => ({
  id: 'a',
  name: 'A',
  people,
  backlog: 0,
  calls: everyDay(calls),
  ...more,
});
const rates = (connect: number, more: Partial<Rates> = {}): Rates => ({
  connect: Array.from({ length: 24 }, () => connect),
  talk18: 0.7,
  closes: 0.9,
  converted: 0.1,
  succeeded: 0.8,
  dead: 0.02,
  ...more,
});
const NEVER = rates(0, { dead: 0 });
const plan = (more: Partial<Plan> = {}): Plan => ({
  cells: CELLS,
  hands: [hand(200, 45), hand(90, 30, { id: 'b', backlog: 40 })],
  maxAttempts: 3,
  perDay: 2,
  perWeek: 5,
  from: 0,
  rates: rates(0.4),
  ...more,
});

describe('CAM-2 the dry run of a campaign', () => {
  it.each([1, 2, 3, 99])('with seed %s loses nobody, and each count is a part of the one before', (seed) => {
    const { totals, hours } = dryRun(plan(), seed);
    expect(totals.finished + totals.unreached + totals.left).toBe(290);
    expect(hours.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(totals.attempts);
    expect(hours.reduce((sum, { connected }) => sum + connected, 0)).toBe(totals.connected);
    const { attempts, connected, talk18, converted, succeeded } = totals;
    expect([attempts, connected, talk18, converted, succeeded]).toEqual([attempts, connected, talk18, converted, succeeded].sort((a, b) => b - a));
    expect(converted).toBeLessThanOrEqual(totals.finished);
  });

  it('comes out the same for the same seed, and not for another', () => {
    expect(dryRun(plan(), 7)).toEqual(dryRun(plan(), 7));
    expect(dryRun(plan(), 7).totals).not.toEqual(dryRun(plan(), 8).totals);
  });

  it('keeps to what can be called by the end of each hour, and makes what was due before first', () => {
    const { hours } = dryRun(plan({ hands: [hand(200, 45, { backlog: 50 })], rates: NEVER }), 1);
    const made = new Map<Day, number>();
    for (const { day, hour, attempts } of hours) {
      made.set(day, (made.get(day) ?? 0) + attempts);
      const cell = CELLS.find((one) => one.day === day && one.hour === hour);
      expect(made.get(day)).toBeLessThanOrEqual(cell ? callsBy(cell, 45) : 0);
    }
    expect(hours[0]).toMatchObject({ day: '2026-11-25', hour: 10 }); // 45 of the 50 on Tuesday, five at nine on Wednesday
    expect([made.get('2026-11-25'), made.get('2026-11-26')]).toEqual([40, 45]);
  });

  it('calls in no hour outside the window, on no closed day and on no day off', () => {
    const cells = cellsOf({ ...HOURS, slots: [['18:00', '19:30']], closed: new Set(['2026-11-25']) });
    const { hours } = dryRun(plan({ cells, hands: [hand(60, 90, { calls: everyDay(90, ['2026-11-26']) })] }), 1);
    expect(new Set(hours.map(({ hour }) => hour))).toEqual(new Set([18, 19]));
    expect([...new Set(hours.map(({ day }) => day))].slice(0, 2)).toEqual([FIRST, '2026-11-27']);
    // 90 calls in nine hours are ten an hour: a window of an hour and a half is no faster pace
    expect(hours.filter(({ day }) => day === FIRST).reduce((sum, { attempts }) => sum + attempts, 0)).toBe(15);
  });

  it.each([
    [2, 5, 8],
    [1, 5, 3],
    [3, 2, 4],
  ])('never dials a customer more than %s a day and %s in seven days', (perDay, perWeek, maxAttempts) => {
    const cells = cellsOf({ ...HOURS, minGapMinutes: 0 });
    const { hours, totals } = dryRun(plan({ cells, hands: [hand(1, 90)], perDay, perWeek, maxAttempts, rates: NEVER }), 1);
    const at = hours.map(({ day, hour }) => (Date.parse(day) - Date.parse(FIRST)) / 3_600_000 + hour);
    for (const end of at) expect(at.filter((one) => one <= end && one > end - 168).length).toBeLessThanOrEqual(perWeek);
    for (const day of hours.map((one) => one.day)) expect(hours.filter((one) => one.day === day).length).toBeLessThanOrEqual(perDay);
    expect([totals.attempts, totals.unreached, totals.held > 0]).toEqual([maxAttempts, 1, true]);
  });

  it.each([
    [[], 9, 9],
    [[9], 14, 14],
    [[9, 14], 18, 24],
    [[9, 14, 33, 38, 57], 62, 177],
    [[9, 14, 33, 38, 57], 177, 177],
  ])('knows that after calls at %j the next after %i is at %i', (dials, cell, from) => {
    expect(allowedFrom(dials, cell, { perDay: 2, perWeek: 5 })).toBe(from);
  });

  it('leaves over who is not called by the last day, and has no day of finish then', () => {
    const cells = cellsOf({ ...HOURS, last: '2026-11-25' });
    const { totals, finishOn } = dryRun(plan({ cells, hands: [hand(200, 45)], rates: rates(1, { closes: 1 }) }), 1);
    expect([totals.finished, totals.left, totals.neverDialled, finishOn]).toEqual([90, 110, 110, null]);
    expect(dryRun(plan({ cells, hands: [hand(50, 45)], rates: rates(1, { closes: 1 }) }), 1).finishOn).toBe('2026-11-25');
    const nobody = dryRun(plan({ hands: [hand(10, 0)] }), 1);
    expect([nobody.totals.neverDialled, nobody.finishOn]).toEqual([10, null]);
  });

  it('waits for the text that goes before', () => {
    const { hours } = dryRun(plan({ from: 24 + 15 }), 1);
    expect(hours[0]).toMatchObject({ day: '2026-11-25', hour: 15 });
  });
});

describe('CAM-2 the hours of a dry run', () => {
  it('begin now on a day that is half over, and redial in another part of the day after the gap', () => {
    const cells = cellsOf({ ...HOURS, fromMinute: 10 * 60 + 30 });
    expect(cells.slice(0, 3).map(({ hour, share }) => [hour, share])).toEqual([[10, 30 / 540], [11, 90 / 540], [14, 150 / 540]]); // prettier-ignore
    expect(cells.slice(0, 3).map(({ again }) => again)).toEqual([14, 14, 18]);
    expect(cellsOf({ ...HOURS, minGapMinutes: 240 })[2]).toMatchObject({ hour: 11, again: 15 });
  });

  it('where the house calls at no time there are none', () => {
    expect(cellsOf({ ...HOURS, usual: [], slots: [] })).toEqual([]);
  });
});

describe('CAM-2 what a dry run learns from', () => {
  const hour = { hour: 9, dials: 1000, connected: 600, talk18: 480, closes: 540, converted: 60, dead: 20, settled: 50, succeeded: 45 };

  it('assumes what it is told where there is no history', () => {
    const { connect, ...others } = ratesOf([]);
    const { connect: assumed, ...all } = ASSUMED;
    expect(new Set(connect.map((one) => Math.round(one * 1e9) / 1e9))).toEqual(new Set([assumed]));
    for (const key of Object.keys(all) as (keyof typeof all)[]) expect(others[key]).toBeCloseTo(all[key], 9);
  });

  it('an hour with few calls stays near all hours, one with many is itself', () => {
    const { connect, converted } = ratesOf([
      hour,
      { ...hour, hour: 10, dials: 2, connected: 0, talk18: 0, closes: 0, converted: 0, dead: 0, settled: 0, succeeded: 0 },
    ]);
    const overall = (600 + WEIGHT * 0.4) / (1002 + WEIGHT);
    expect(connect[9]).toBeCloseTo((600 + WEIGHT * overall) / 1050, 9);
    expect(connect[10]).toBeCloseTo((WEIGHT * overall) / 52, 9);
    expect(connect[15]).toBeCloseTo(overall, 9);
    expect(converted).toBeCloseTo((60 + WEIGHT * 0.05) / 650, 9);
  });
});

describe('CAM-2 the range over many runs', () => {
  it('holds what eight in ten came to, and shows the middle one', () => {
    const runs = Array.from({ length: 50 }, (_, seed) => dryRun(plan(), seed));
    const outlook = outlookOf(runs);
    const { p10, median, p90 } = outlook.totals.converted;
    expect(p10 <= median && median <= p90 && p10 < p90).toBe(true);
    const within = runs.filter(({ totals }) => totals.converted >= p10 && totals.converted <= p90).length;
    expect(within).toBeGreaterThanOrEqual(40);
    expect(runs[outlook.shown]?.totals.converted).toBe(median);
    expect(outlook.finishOn.p10 && outlook.finishOn.p90 && outlook.finishOn.p10 <= outlook.finishOn.p90).toBe(true);
    // expected: 200 + 90 customers, each reached within three dials at 0.4 with the rest of the chances above
    expect(median / 290).toBeGreaterThan(0.05);
    expect(median / 290).toBeLessThan(0.11);
  });
});
