import { isNoisy, judge, linesOf, median } from '../../../bench/judge.js';
import { randomOf } from '../../../bench/random.js';

const limit = { way: 'limit', units: 100, seconds: [1, 1.2, 1.1] };
const product = { way: 'product', units: 100, seconds: [2.2, 2.2, 9] };

describe('The judge of benchmarks', () => {
  it('refuses a goal about a way that nobody measured', () => {
    expect(() => judge(linesOf([limit]), [{ way: 'product', atLeast: 0.5 }])).toThrow('no way named "product" was measured');
  });

  it('does not judge when the limit itself swings by more than two', () => {
    expect(isNoisy(linesOf([{ ...limit, seconds: [1, 2.1] }, product]))).toBe(true);
    expect(isNoisy(linesOf([limit, product]))).toBe(false);
    expect(isNoisy([])).toBe(true);
  });

  it('compares medians, so that one slow repetition decides nothing', () => {
    expect(linesOf([limit, product]).map((line) => line.ratio)).toEqual([1, 0.5]);
  });

  it('takes a goal as a share of the rate, or as a multiple of the time', () => {
    const lines = linesOf([limit, product]);
    expect(judge(lines, [{ way: 'product', atLeast: 0.5 }])[0]).toMatchObject({ passed: true, measured: 0.5 });
    expect(judge(lines, [{ way: 'product', atLeast: 0.55 }])[0]).toMatchObject({ passed: false });
    expect(judge(lines, [{ way: 'product', atMost: 2 }])[0]).toMatchObject({ passed: true, measured: 2 });
    expect(judge(lines, [{ way: 'product', atMost: 1.9 }])[0]).toMatchObject({ passed: false });
  });

  it('takes the middle of an even number of repetitions', () => {
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('makes the same input from the same seed', () => {
    const [a, b] = [randomOf(7), randomOf(7)];
    expect([a(), a(), a()]).toEqual([b(), b(), b()]);
  });
});
