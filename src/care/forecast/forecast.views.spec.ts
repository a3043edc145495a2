import { stepOf } from './forecast.views.js';

describe('CAR-12 the steps of the load', () => {
  it.each([
    [0, 60, 'ld0'],
    [30, 60, 'ld1'],
    [31, 60, 'ld2'],
    [51, 60, 'ld3'],
    [57, 60, 'ld4'],
    [60, 60, 'ld5'],
    [61, 60, 'ld6'],
    [72, 60, 'ld6'],
    [73, 60, 'ld7'],
    [0, 0, 'ldL'],
    [1, 0, 'ld7'],
  ])('%d calls where %d fit: %s', (tasks, capacity, step) => {
    expect(stepOf({ tasks, capacity })).toBe(step);
  });
});
