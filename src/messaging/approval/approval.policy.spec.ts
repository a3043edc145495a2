import { lacking, neededFor, standingOf } from './approval.policy.js';

describe('SMS-3 whose word a blast needs', () => {
  const none = { approveAbove: null, clientApproves: false, clientAbove: null };
  it.each([
    ['nothing is set', none, 1_000_000, []],
    ['as many as the limit', { ...none, approveAbove: 1000 }, 1000, []],
    ['one more', { ...none, approveAbove: 1000 }, 1001, ['second']],
    ['a limit of none', { ...none, approveAbove: 0 }, 1, ['second']],
    ['the client too, above as many', { ...none, approveAbove: 1000, clientApproves: true }, 1001, ['second', 'client']],
    ['the client above more', { approveAbove: 1000, clientApproves: true, clientAbove: 5000 }, 5000, ['second']],
    ['the client above more, reached', { approveAbove: 1000, clientApproves: true, clientAbove: 5000 }, 5001, ['second', 'client']],
    ['the client above fewer', { approveAbove: 1000, clientApproves: true, clientAbove: 10 }, 11, ['client']],
    ['the client of every blast', { ...none, clientApproves: true }, 1, ['client']],
    ['a limit of the client without the client', { ...none, clientAbove: 10 }, 11, []],
  ] as const)('%s', (_what, limits, people, needed) => {
    expect(neededFor(limits, people)).toEqual(needed);
  });
});

describe('SMS-3 an approval stands for what was approved', () => {
  const approved = { state: 'approved', content: 'a', people: 100 } as const;
  it.each([
    ['never asked', undefined, 'a', 100, 'none'],
    ['asked', { ...approved, state: 'asked' }, 'a', 100, 'asked'],
    ['approved', approved, 'a', 100, 'approved'],
    ['approved, fewer people', approved, 'a', 3, 'approved'],
    ['approved, a tenth more by its filter', approved, 'a', 110, 'approved'],
    ['approved, more than a tenth more', approved, 'a', 111, 'changed'],
    ['approved, then another wording or list', approved, 'b', 100, 'changed'],
    ['asked, then changed', { ...approved, state: 'asked' }, 'b', 100, 'changed'],
    ['refused', { ...approved, state: 'refused' }, 'b', 100, 'refused'],
    ['asked anew meanwhile', { ...approved, state: 'superseded' }, 'a', 100, 'none'],
  ] as const)('%s', (_what, last, content, people, standing) => {
    expect(standingOf(last, { content, people })).toBe(standing);
  });

  it('lacks the first word that was not given', () => {
    expect(lacking({ needed: [], standing: { second: 'none', client: 'none' } })).toBeNull();
    expect(lacking({ needed: ['second', 'client'], standing: { second: 'approved', client: 'asked' } })).toEqual({
      kind: 'client',
      standing: 'asked',
    });
    expect(lacking({ needed: ['client'], standing: { second: 'none', client: 'approved' } })).toBeNull();
  });
});
