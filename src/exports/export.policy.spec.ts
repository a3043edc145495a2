import { discreet } from './export-filter.policy.js';
import { hasGrown } from './export-limits.policy.js';
import { markedName, markText } from './export-mark.policy.js';
import { after } from './export.states.js';
import { EXPORT_STATES } from './exports.types.js';

const MARK = { id: '1024', staffNo: '9m01', name: '林晓雯', at: new Date('2026-11-24T00:05:00+08:00') };

describe('SYS-2 the watermark of a file', () => {
  it('names the export, the staff number, the person and the Shanghai time', () => {
    expect(markText(MARK)).toBe('E1024 · 9m01 林晓雯 · 2026-11-24 00:05');
  });

  it('stands in the file name too, which no title can break out of', () => {
    expect(markedName('客户经理漏斗', MARK, 'xlsx')).toBe('客户经理漏斗-9m01-20261124-0005-E1024.xlsx');
    expect(markedName('../../etc/x"\r\n', MARK, 'csv')).toBe('.._.._etc_x_-9m01-20261124-0005-E1024.csv');
  });
});

describe('SYS-2 the life of an export', () => {
  it.each([
    ['approve', ['waiting'], 'queued'],
    ['refuse', ['waiting'], 'refused'],
    ['withdraw', ['waiting'], 'withdrawn'],
    ['make', ['queued'], 'ready'],
    ['fail', ['queued'], 'failed'],
    ['expire', ['ready'], 'expired'],
  ] as const)('%s is possible from %j alone', (step, from, to) => {
    expect(EXPORT_STATES.filter((state) => after(state, step))).toEqual(from);
    expect(after(from[0], step)).toBe(to);
  });

  it.each([
    [10, 110, false],
    [10, 111, true],
    [5000, 5500, false],
    [5000, 5501, true],
    [5000, 10, false],
  ])('approved for %d rows, %d rows later: another export? %s', (approved, now, grown) => expect(hasGrown(approved, now)).toBe(grown));
});

describe('SYS-2 a filter in the audit log', () => {
  it('shows no full number, whatever its spelling, and leaves out what is not set', () => {
    expect(
      discreet({ phone: '13800138000', q: '+86 138 0013 8000', campaign: '5g-upgrade', from: '2026-11-01', empty: '', none: undefined, key: 7 }),
    ).toEqual({ phone: '138 **** 8000', q: '138 **** 8000', campaign: '5g-upgrade', from: '2026-11-01', key: 7 });
  });
});
