import type { UsageMonth } from './usage.queries.js';
import { averageBill, usageRows } from './usage.views.js';

const month = (more: Partial<UsageMonth>): UsageMonth => ({
  month: '2026-10-01',
  dataQuotaMb: null,
  dataUsedMb: null,
  voiceQuotaMin: null,
  voiceUsedMin: null,
  extraFeeFen: null,
  amountFen: null,
  items: null,
  ...more,
});

describe('CUS-4 package use is shown against what the package holds', () => {
  it.each<[string, Partial<UsageMonth>, object | null]>([
    ['half of it', { dataUsedMb: 25_600, dataQuotaMb: 51_200 }, { used: '25.0', quota: '50.0', percent: 50, over: false }],
    ['all of it', { dataUsedMb: 51_200, dataQuotaMb: 51_200 }, { used: '50.0', quota: '50.0', percent: 100, over: false }],
    ['beyond it: the bar is full and red', { dataUsedMb: 63_898, dataQuotaMb: 51_200 }, { used: '62.4', quota: '50.0', percent: 100, over: true }],
    ['nothing of it', { dataUsedMb: 0, dataQuotaMb: 51_200 }, { used: '0.0', quota: '50.0', percent: 0, over: false }],
    ['a package without any: nothing divides', { dataUsedMb: 100, dataQuotaMb: 0 }, { used: '0.1', quota: '0.0', percent: null, over: true }],
    ['the quota is not known', { dataUsedMb: 1024 }, { used: '1.0', quota: null, percent: null, over: false }],
    ['the use is not known', { dataQuotaMb: 51_200 }, null],
  ])('%s', (_name, use, data) => {
    expect(usageRows([month(use)])[0]?.data).toEqual(data);
  });

  it('the average is of the last three bills, not of months without one', () => {
    const bills = [null, 24_410, 24_411, 19_900, 90_000].map((amountFen) => month({ amountFen }));
    expect(averageBill(bills)).toEqual({ fen: 22_907, months: 3 });
    expect(averageBill([month({ amountFen: 100 })])).toEqual({ fen: 100, months: 1 });
    expect(averageBill([month({})])).toBeNull();
  });
});
