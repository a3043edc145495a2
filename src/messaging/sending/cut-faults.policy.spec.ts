import { isOfARow, narrower } from './cut-faults.policy.js';

const coded = (code: string, message = 'said by PostgreSQL'): Error => Object.assign(new Error(message), { code });

describe('R6 what keeps a batch from being cut', () => {
  it.each([
    ['a value that is none', coded('22021'), true],
    ['a constraint', coded('23514'), true],
    ['a trigger that refuses', coded('P0001'), true],
    ['a fault of ours over this row', new TypeError("Cannot read properties of null (reading 'trim')"), true],
    ['a deadlock', coded('40P01'), false],
    ['no more connections', coded('53300'), false],
    ['a server that shuts down', coded('57P01'), false],
    ['a column that is not there', coded('42703'), false],
    ['a broken line, by the system', coded('ECONNRESET'), false],
    ['a broken line, by the driver', new Error('Connection terminated unexpectedly'), false],
    ['no connection in time', new Error('timeout exceeded when trying to connect'), false],
    ['no error at all', 'stop', false],
  ])('%s', (_what, error, ofARow) => {
    expect(isOfARow(error)).toBe(ofARow);
  });

  it.each([1000, 999, 40, 2])('a batch of %i leads to one row in a few steps', (size) => {
    const steps: number[] = [];
    for (let tried: number | null = size; tried !== null; tried = narrower(tried)) steps.push(tried);
    expect(steps.at(-1)).toBe(1);
    expect(steps.length).toBeLessThanOrEqual(12);
  });
});
