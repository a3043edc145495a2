import { ticketNumber } from './ticket-number.policy.js';

describe('TIC-1 the number of a ticket, as people type it', () => {
  it.each([
    ['TS-000012', 'TS-000012'],
    ['ts12', 'TS-000012'],
    [' gz - 7 ', 'GZ-000007'],
    ['zx－000100', 'ZX-000100'],
    ['YW-1234567', 'YW-1234567'],
    ['TS-', undefined],
    ['AB-12', undefined],
    ['TS-12x', undefined],
    ['13800000012', undefined],
    ['陈志远', undefined],
  ])('%s is %s', (typed, number) => {
    expect(ticketNumber(typed)).toBe(number);
  });
});
