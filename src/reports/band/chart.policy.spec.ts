import { chartLimits, type ChartPoint, laneySigma, RUN_LENGTH, runOf } from './chart.policy.js';

const point = (rate: number, attempts = 400, centre = 0.4): ChartPoint => ({ day: '2026-11-02', attempts, connected: rate * attempts, centre });
const points = (...rates: number[]): ChartPoint[] => rates.map((rate) => point(rate));

/*
 * By hand, six days of 400 calls around 40 %. √(0.4 · 0.6 ÷ 400) = √0.0006 = 0.0244949.
 *
 *   rate            0.40     0.45     0.38     0.43     0.36     0.41
 *   z               0        2.0412  −0.8165   1.2247  −1.6330   0.4082
 *   step                     2.0412   2.8577   2.0412   2.8577   2.0412    mean 11.8392 ÷ 5 = 2.36784
 *
 *   σz = 2.36784 ÷ 1.128 = 2.09915
 *   limits at 400 calls: 0.4 ± 3 · 2.09915 · 0.0244949 = 0.4 ± 0.154255; as a plain p-chart 0.4 ± 0.073485
 *   limits at 1,600 calls: half of that, 0.4 ± 0.077127
 */
const BY_HAND = points(0.4, 0.45, 0.38, 0.43, 0.36, 0.41);

describe('CAM-8 the p′ chart (Laney 2002)', () => {
  it('takes from the steps between days how much they differ beyond chance', () => {
    expect(laneySigma([BY_HAND])).toBeCloseTo(2.09915, 4);
  });

  test.each([
    ['at the calls of a day', 400, 2.09915, [0.245745, 0.554255]],
    ['at four times as many', 1_600, 2.09915, [0.322873, 0.477127]],
    ['where days differ by chance alone: a p-chart', 400, 1, [0.326515, 0.473485]],
    ['never below nothing, nor above everything', 4, 2, [0, 1]],
  ])('puts its limits %s', (_name, calls, sigmaZ, [lower, upper]) => {
    const limits = chartLimits(0.4, calls, sigmaZ);
    expect(limits.lower).toBeCloseTo(lower ?? 0, 5);
    expect(limits.upper).toBeCloseTo(upper ?? 0, 5);
  });

  test.each([
    ['days that differ less than by chance', [points(0.4, 0.401, 0.399, 0.4, 0.401, 0.4)], 1],
    ['four steps are too few to conclude from', [points(0.4, 0.6, 0.2, 0.6, 0.2)], 1],
    ['no days', [], 1],
    ['a rate of nothing has no chance in it', [[...BY_HAND, point(0, 400, 0)]], 2.09915],
    [
      'a campaign that lies lower for good has no steps for it',
      [BY_HAND, BY_HAND.map((one) => ({ ...one, connected: one.connected - 40 }))],
      2.09915,
    ],
  ])('%s', (_name, series, sigmaZ) => {
    expect(laneySigma(series)).toBeCloseTo(sigmaZ, 4);
  });
});

describe('CAM-8 the run rule', () => {
  const below = Array<number>(RUN_LENGTH).fill(0.39);

  test.each([
    ['eight below', points(...below), 'below'],
    ['eight above', points(...below.map(() => 0.41)), 'above'],
    ['seven are none', points(...below.slice(1)), null],
    ['only the last eight count', points(0.5, ...below), 'below'],
    ['one on the other side ends it', points(...below.slice(1), 0.41), null],
    ['one in the middle of it, too', points(...below.slice(4), 0.41, ...below.slice(4)), null],
    ['on the centre is on no side', points(...below.slice(1), 0.4), null],
    ['each day has a centre of its own', [...points(...below.slice(1)), point(0.5, 400, 0.52)], 'below'],
    ['no days', [], null],
  ])('%s', (_name, days, side) => {
    expect(runOf(days)?.side ?? null).toBe(side);
  });

  it('says which days', () => {
    expect(runOf(points(0.5, ...below))?.points).toHaveLength(RUN_LENGTH);
  });
});
