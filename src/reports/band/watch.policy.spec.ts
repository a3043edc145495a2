import { lookedThisHour, stepOf } from './watch.policy.js';

describe('CAM-8 what a look does to a breach', () => {
  test.each([
    ['too few calls open nothing', undefined, 'too-few', {}],
    ['too few calls close nothing', 'below', 'too-few', {}],
    ['a rate in the band is no breach', undefined, 'within', {}],
    ['back in the band closes it', 'below', 'within', { close: 'within' }],
    ['below opens one', undefined, 'below', { open: 'below' }],
    ['above opens one', undefined, 'above', { open: 'above' }],
    ['still there: its figures follow', 'below', 'below', { follow: true }],
    ['from one side to the other is another one', 'below', 'above', { close: 'turned', open: 'above' }],
  ] as const)('%s', (_name, open, state, step) => {
    expect(stepOf(open, state)).toEqual(step);
  });

  test.each([
    ['never looked', null, false],
    ['in this hour', '2026-11-24T10:00:00+08:00', true],
    ['in the hour before', '2026-11-24T09:59:59+08:00', false],
  ])('%s', (_name, last, looked) => {
    expect(lookedThisHour(last === null ? null : new Date(last), new Date('2026-11-24T10:30:00+08:00'))).toBe(looked);
  });
});
