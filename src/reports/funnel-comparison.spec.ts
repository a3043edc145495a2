import { COUNT_KEYS, RATE_KEYS, RATES } from './catalogue.js';
import { compared, reportOf } from './funnel-comparison.js';
import type { Funnel, FunnelCutRow, FunnelRow } from './funnel.types.js';

/** A row of calls and connected ones; all else 0. */
function row(attempts: number, connected: number): FunnelRow {
  const counts = { ...Object.fromEntries(COUNT_KEYS.map((key) => [key, 0])), attempts, connected } as Record<string, number>;
  const rates = RATES.map(({ key, numerator, denominator }) => {
    const whole = counts[denominator] ?? 0;
    return [key, whole === 0 ? null : (counts[numerator] ?? 0) / whole];
  });
  return { ...counts, ...Object.fromEntries(rates) } as FunnelRow;
}
const cutRow = (key: string, attempts: number, connected: number): FunnelCutRow => ({ key, label: key, ...row(attempts, connected) });
const funnel = (...rows: FunnelCutRow[]): Funnel => ({
  rows,
  total: row(
    rows.reduce((sum, one) => sum + (one.attempts ?? 0), 0),
    rows.reduce((sum, one) => sum + (one.connected ?? 0), 0),
  ),
});

const WEEK = { from: '2026-11-16', to: '2026-11-22' };
const BEFORE = { from: '2026-11-09', to: '2026-11-15', rule: 'weeks' as const };

describe('REP-1 a funnel beside the period before', () => {
  const now = funnel(cutRow('m01', 40, 20), cutRow('m02', 10, 5));
  const then = funnel(cutRow('m01', 50, 15), cutRow('m03', 8, 4));
  const report = compared(now, then, { cut: 'manager', period: WEEK, before: BEFORE });
  const of = (key: string) => report.rows.find((one) => one.key === key);

  it('gives value, before and difference; rates differ in fractions', () => {
    expect(of('m01')).toMatchObject({ attempts: 40, before: { attempts: 50, connectRate: 0.3 }, difference: { attempts: -10, connected: 5 } });
    expect(of('m01')?.difference?.connectRate).toBeCloseTo(0.2);
  });

  it('compares with zeros what is new, and lists what is gone, so that both periods add up', () => {
    expect(of('m02')).toMatchObject({ before: { attempts: 0, connectRate: null }, difference: { attempts: 10, connectRate: null } });
    expect(of('m03')).toMatchObject({ attempts: 0, connectRate: null, before: { attempts: 8 }, difference: { attempts: -8 } });
    for (const key of COUNT_KEYS) {
      expect(report.rows.reduce((sum, one) => sum + (one[key] ?? 0), 0)).toBe(report.total[key]);
      expect(report.rows.reduce((sum, one) => sum + (one.before?.[key] ?? 0), 0)).toBe(report.total.before?.[key]);
    }
  });

  it('leaves people null where nobody asked for them', () => {
    const unasked = { ...cutRow('m01', 3, 1), customersReached: null };
    const [first, second] = compared(funnel(unasked), funnel({ ...unasked, key: 'm09' }), { cut: 'manager', period: WEEK, before: BEFORE }).rows;
    expect(first?.before?.customersReached).toBeNull();
    expect(second?.difference?.customersReached).toBeNull();
  });

  it('sets days over against each other by weekday, and remembers which', () => {
    const { rows } = compared(funnel(cutRow('2026-11-17', 4, 1)), funnel(cutRow('2026-11-10', 6, 2), cutRow('2026-11-09', 1, 1)), {
      cut: 'day',
      period: WEEK,
      before: BEFORE,
    });
    expect(rows.map(({ key, beforeKey, attempts, before }) => [key, beforeKey, attempts, before?.attempts])).toEqual([
      ['2026-11-16', '2026-11-09', 0, 1],
      ['2026-11-17', '2026-11-10', 4, 6],
    ]);
  });
});

describe('REP-1 how sure a rate is', () => {
  it('has the Wilson interval of every rate that has a value, and none of the others', () => {
    const { total } = reportOf(funnel(cutRow('m01', 40, 20)));
    expect(Object.keys(total.sureness).sort()).toEqual(RATE_KEYS.filter((key) => total[key] !== null).sort());
    expect(total.sureness.connectRate).toMatchObject({ few: false, of: 40 });
    // Wilson (1927): 20 of 40
    expect(total.sureness.connectRate?.low).toBeCloseTo(0.352, 3);
    expect(total.sureness.connectRate?.high).toBeCloseTo(0.648, 3);
  });

  it.each([
    [29, true],
    [30, false],
  ])('with %i calls below the line: too few is %s', (attempts, few) => {
    expect(reportOf(funnel(cutRow('m01', attempts, 9))).rows[0]?.sureness.connectRate?.few).toBe(few);
  });

  it('judges nothing where more orders stand than conversions are left after corrections', () => {
    const odd = { ...cutRow('m01', 40, 20), converted: 1, ordersSucceeded: 2, orderSuccessRate: 2 };
    expect(reportOf(funnel(odd)).rows[0]?.sureness.orderSuccessRate).toBeUndefined();
  });
});
