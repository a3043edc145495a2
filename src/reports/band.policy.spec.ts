import { judgeBand } from './band.policy.js';

const limits = { lower: 0.34, upper: 0.46, minAttempts: 200 };

describe('CAM-8 the control band on the connect rate', () => {
  test.each([
    ['too few calls are not judged, however bad', 199, 0, 'too-few'],
    ['clearly under the lower limit', 1000, 280, 'below'],
    ['under the limit, but the interval still reaches it', 300, 96, 'within'],
    ['in the band', 1000, 400, 'within'],
    ['clearly above: high-quality data', 1000, 520, 'above'],
    ['no calls at all', 0, 0, 'too-few'],
  ])('%s', (_name, attempts, connected, state) => {
    expect(judgeBand(attempts, connected, limits).state).toBe(state);
  });

  test.each([
    ['outside by a hair is outside: chance is in the limit', 300, 101, 'below'],
    ['on the limit is within', 300, 102, 'within'],
    ['above by a hair', 300, 139, 'above'],
    ['too few calls', 199, 0, 'too-few'],
  ])('learnt limits: %s', (_name, attempts, connected, state) => {
    expect(judgeBand(attempts, connected, limits, 'learnt').state).toBe(state);
  });

  test('without limits nothing is outside', () => {
    expect(judgeBand(5000, 10, { lower: null, upper: null, minAttempts: 200 }).state).toBe('within');
  });

  test('no attempts give no rate', () => {
    expect(judgeBand(0, 0, limits)).toMatchObject({ connectRate: null, interval: [0, 1] });
  });
});
