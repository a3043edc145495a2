import type { DialCount, UsualCount } from './band.types.js';
import { diagnose } from './diagnosis.policy.js';
import { likenessOf, limitsOf, windowOf } from './limits.policy.js';
import { paddedBy, type TalkTimes } from './padding.policy.js';
import { bestSlot, compare, usualOf } from './usual.policy.js';

const TUESDAY = '2026-11-24';

const end = (kind: string, count: number, own: Partial<DialCount> = {}): DialCount => ({
  day: TUESDAY,
  hour: 10,
  star: 5,
  first: true,
  kind,
  connected: kind === 'reached' || kind === 'cut_off',
  caller: '025-1',
  count,
  ...own,
});
const usually = (kind: string, count: number, own: Partial<UsualCount> = {}): UsualCount => ({ ...end(kind, count), weekday: 2, ...own });

const WEEKS = [
  usually('reached', 38_000),
  usually('cut_off', 2_000),
  usually('no_answer', 40_000),
  usually('rejected', 10_000),
  usually('invalid_number', 10_000),
];
const diagnosed = (calls: DialCount[], weeks = WEEKS) =>
  diagnose(
    calls,
    compare(calls, usualOf(weeks), () => 1),
  );
const partsOf = ({ causes }: ReturnType<typeof diagnosed>): [string, number][] =>
  causes.map((one) => [one.cause, Math.round(one.excess * 1000) / 1000]);

describe('CAM-8 the diagnosis', () => {
  it('splits a gap of rates over the ends that do not connect, what became rarer with its sign', () => {
    const found = diagnosed([end('reached', 300), end('no_answer', 350), end('rejected', 100), end('invalid_number', 250)]);
    expect(found.gap).toBeCloseTo(0.1, 3);
    expect(partsOf(found)).toEqual([
      ['invalid_number', 0.15],
      ['no_answer', -0.05],
    ]);
    expect(found.main).toBe('invalid_number');
    expect(found.causes[0]).toMatchObject({ action: 'return_numbers' });
  });

  it('puts the whole gap on the slot when only the slot is another one, and names the hour', () => {
    const weeks = [
      ...[
        usually('reached', 25_000),
        usually('no_answer', 25_000),
        usually('reached', 10_000, { hour: 14 }),
        usually('no_answer', 40_000, { hour: 14 }),
      ],
    ];
    const found = diagnosed(
      [end('reached', 180, { hour: 14 }), end('no_answer', 720, { hour: 14 }), end('reached', 50), end('no_answer', 50)],
      weeks,
    );
    // usual 35 %, here 23 %: the lot is 40 points more of 14 o'clock, at 30 points less
    expect(partsOf(found)[0]).toEqual(['slot_mix', 0.12]);
    expect(found.main).toBe('slot_mix');
    expect(found.causes[0]?.evidence).toMatchObject({ hour: 14, here: 0.9 });
  });

  it('puts it on the list when only the stars are others', () => {
    const weeks = [
      usually('reached', 30_000, { star: 7 }),
      usually('no_answer', 20_000, { star: 7 }),
      usually('reached', 10_000, { star: 1 }),
      usually('no_answer', 40_000, { star: 1 }),
    ];
    const found = diagnosed([end('reached', 200, { star: 1 }), end('no_answer', 800, { star: 1 })], weeks);
    expect(partsOf(found)[0]).toEqual(['list_mix', 0.2]);
    expect(found.causes[0]).toMatchObject({ action: 'pause', evidence: { star: 1 } });
  });

  it('names technical causes first once they make up a third of the gap, and not before', () => {
    const third = diagnosed([end('reached', 280), end('technical', 50), end('no_answer', 470), end('rejected', 100), end('invalid_number', 100)]);
    expect(third.main).toBe('technical');
    expect(third.causes[0]).toMatchObject({ cause: 'technical', action: 'alert' });
    const fifth = diagnosed([end('reached', 280), end('technical', 25), end('no_answer', 495), end('rejected', 100), end('invalid_number', 100)]);
    expect(fifth.main).toBe('no_answer');
    expect(fifth.causes[0]?.cause).toBe('technical');
  });

  it.each([
    [
      'rejections alone are rejections',
      [end('reached', 285), end('cut_off', 15), end('no_answer', 400), end('rejected', 200), end('invalid_number', 100)],
      'rejected',
    ],
    [
      'with people hanging up at once the number is marked',
      [end('reached', 230), end('cut_off', 70), end('no_answer', 400), end('rejected', 200), end('invalid_number', 100)],
      'calling_number',
    ],
    [
      'when another number is not rejected, the number is marked',
      [
        ...[end('reached', 150), end('no_answer', 200), end('rejected', 110), end('invalid_number', 40)],
        ...[end('reached', 200, { caller: '025-2' }), end('no_answer', 200, { caller: '025-2' }), end('rejected', 45, { caller: '025-2' })],
      ],
      'calling_number',
    ],
    [
      'a number that is not known cannot be marked',
      [end('reached', 230), end('cut_off', 70), end('no_answer', 400), end('rejected', 200), end('invalid_number', 100)].map((one) => ({
        ...one,
        caller: '',
      })),
      'rejected',
    ],
  ])('%s', (_name, calls, cause) => {
    const found = diagnosed(calls);
    expect(found.main).toBe(cause);
    expect(found.causes.reduce((sum, one) => sum + one.excess, 0)).toBeCloseTo(found.gap, 12);
  });

  it('names nothing where nothing is missing', () => {
    expect(diagnosed([end('reached', 500), end('no_answer', 500)]).main).toBeNull();
  });

  it('compares a morning with mornings: what has not passed is not usual yet', () => {
    const weeks = [
      usually('reached', 10_000),
      usually('no_answer', 30_000),
      usually('reached', 30_000, { hour: 19 }),
      usually('no_answer', 10_000, { hour: 19 }),
    ];
    const calls = [end('reached', 250), end('no_answer', 750)];
    expect(compare(calls, usualOf(weeks), (_day, hour) => (hour <= 10 ? 1 : 0)).expected).toBeCloseTo(0.25, 2);
    expect(compare(calls, usualOf(weeks), () => 1).expected).toBeCloseTo(0.5, 2);
  });
});

describe('CAM-8 limits from days that are alike', () => {
  it('are those of the campaign where one is set', () => {
    const learnt = { lower: 0.3, upper: 0.4 };
    expect(limitsOf({ lower: 0.34, upper: null, minAttempts: 200 }, learnt)).toEqual({ lower: 0.34, upper: null, minAttempts: 200 });
    expect(limitsOf({ lower: null, upper: null, minAttempts: 200 }, learnt)).toEqual({ ...learnt, minAttempts: 200 });
    expect(limitsOf({ lower: null, upper: null, minAttempts: 200 }, null)).toEqual({ lower: null, upper: null, minAttempts: 200 });
  });

  it.each([
    ['today, when today has calls enough', { '2026-11-24': 200 }, '2026-11-24'],
    ['three days, when they have', { '2026-11-24': 199, '2026-11-22': 1 }, '2026-11-22'],
    ['else seven days', { '2026-11-24': 199, '2026-11-21': 900 }, '2026-11-18'],
  ])('judge %s', (_name, attempts, from) => {
    expect(windowOf(TUESDAY, new Map(Object.entries(attempts)), 200)).toEqual({ from, to: TUESDAY });
  });

  it('take the usual from the narrowest likeness with calls enough', () => {
    expect(likenessOf({ campaign: 4_000, segment: 9_000, kind: 9_000, all: 9_000 })).toBe('campaign');
    expect(likenessOf({ campaign: 3_999, segment: 4_000, kind: 9_000, all: 9_000 })).toBe('segment');
    expect(likenessOf({ campaign: 0, segment: 399, kind: 900, all: 900 })).toBe('kind');
    expect(likenessOf({ campaign: 0, segment: 0, kind: 0, all: 399 })).toBeNull();
  });

  it('know the two hours that connect best, thin ones leaning on the mean', () => {
    const weeks = [
      ...[usually('reached', 300), usually('no_answer', 700)],
      ...[usually('reached', 600, { hour: 18 }), usually('no_answer', 400, { hour: 18 })],
      ...[usually('reached', 2, { hour: 16 })],
    ];
    expect(bestSlot(weeks, (hour) => hour >= 9 && hour < 20)).toMatchObject({ from: 18, to: 20 });
    expect(bestSlot([], () => true)).toBeNull();
  });
});

describe('CAM-8 calls padded to the 18 seconds', () => {
  const one = (manager: string, inside: number, around: number): TalkTimes => ({ manager, name: manager, inside, around });

  test.each([
    ['a pile-up is found, with its excess over a smooth distribution', [one('m01', 60, 80), one('m02', 20, 80), one('m03', 19, 82)], ['m01']],
    ['smooth calls stay quiet', [one('m01', 22, 80), one('m02', 18, 80)], []],
    ['few calls stay quiet, however piled', [one('m01', 9, 2), one('m02', 20, 80)], []],
    ['a hump that everybody has is no padding', [one('m01', 40, 100), one('m02', 42, 100), one('m03', 38, 100)], []],
    ['but everybody may pad: above 30 % it is a pile-up all the same', [one('m01', 90, 60), one('m02', 95, 60)], ['m02', 'm01']],
  ])('%s', (_name, times, found) => {
    expect(paddedBy(times).map(({ manager }) => manager)).toEqual(found);
  });

  it('counts the excess', () => {
    expect(paddedBy([one('m01', 60, 80)])[0]).toMatchObject({ expected: 20, excess: 40 });
  });
});
