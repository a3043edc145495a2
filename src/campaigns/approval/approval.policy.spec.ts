import { needsApproval, standingOf } from './approval.policy.js';

describe('CAM-1 which campaigns a second person approves', () => {
  it.each([
    ['no rule', { kinds: [], above: null }, false],
    ['its kind', { kinds: ['marketing'], above: null }, true],
    ['another kind', { kinds: ['retention'], above: null }, false],
    ['more customers', { kinds: [], above: 999 }, true],
    ['exactly as many', { kinds: [], above: 1000 }, false],
    ['nobody at all', { kinds: [], above: 0 }, true],
  ] as const)('%s', (_what, rule, needed) => {
    expect(needsApproval(rule, { kind: 'marketing', customers: 1000 })).toBe(needed);
  });
});

describe('CAM-1 an approval stands for what was approved', () => {
  const approved = { state: 'approved', content: 'a', customers: 100 } as const;
  it.each([
    ['never asked', undefined, 'a', 100, 'none'],
    ['asked', { ...approved, state: 'asked' }, 'a', 100, 'asked'],
    ['approved', approved, 'a', 100, 'approved'],
    ['approved, fewer customers', approved, 'a', 3, 'approved'],
    ['approved, a tenth more', approved, 'a', 110, 'approved'],
    ['approved, more than a tenth more', approved, 'a', 111, 'changed'],
    ['approved, then changed', approved, 'b', 100, 'changed'],
    ['asked, then changed', { ...approved, state: 'asked' }, 'b', 100, 'changed'],
    ['refused', { ...approved, state: 'refused' }, 'b', 100, 'refused'],
    ['asked anew meanwhile', { ...approved, state: 'superseded' }, 'a', 100, 'none'],
  ] as const)('%s', (_what, last, content, customers, standing) => {
    expect(standingOf(last, { content, customers })).toBe(standing);
  });
});
