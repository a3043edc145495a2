import { mayPass, overLimit } from './guard.policy.js';

const limits = { optOutsMost: 100, complaintsMost: 10, guardFrom: 1000 };

describe('SMS-6 what stops a blast by itself', () => {
  it.each([
    ['nothing came', { optOuts: 0, complaints: 0, delivered: 5000 }, null],
    ['exactly the limit', { optOuts: 10, complaints: 1, delivered: 1000 }, null],
    ['one opt-out more', { optOuts: 11, complaints: 0, delivered: 1000 }, 'optOuts'],
    ['too few delivered to judge', { optOuts: 500, complaints: 90, delivered: 999 }, null],
    ['a complaint more', { optOuts: 0, complaints: 2, delivered: 1000 }, 'complaints'],
    ['both: the complaint is named', { optOuts: 900, complaints: 2, delivered: 1000 }, 'complaints'],
  ] as const)('%s', (_what, counts, kind) => {
    expect(overLimit(counts, null, limits)?.kind ?? null).toBe(kind);
  });

  it('no limit, no stop', () => {
    expect(overLimit({ optOuts: 900, complaints: 900, delivered: 1000 }, null, { optOutsMost: null, complaintsMost: null, guardFrom: 1 })).toBeNull();
  });

  it('after a person let it go on, only what comes later counts', () => {
    const base = { optOuts: 50, complaints: 0, delivered: 1000 };
    expect(overLimit({ optOuts: 55, complaints: 0, delivered: 1900 }, base, limits)).toBeNull();
    expect(overLimit({ optOuts: 60, complaints: 0, delivered: 2000 }, base, limits)).toBeNull();
    expect(overLimit({ optOuts: 61, complaints: 0, delivered: 2000 }, base, limits)).toMatchObject({ kind: 'optOuts', count: 11, delivered: 1000 });
  });

  it('never skips a count that could pass', () => {
    for (let optOuts = 0; optOuts < 60; optOuts += 1)
      for (const delivered of [1000, 1001, 1500, 4000])
        if (overLimit({ optOuts, complaints: 0, delivered }, null, limits)) expect(mayPass({ optOuts }, null, limits)).toBe(true);
  });
});
