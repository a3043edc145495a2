import { afterFailure, keptMessage } from './failure.policy.js';

const now = new Date('2026-03-02T02:00:00Z');

describe('what becomes of a failed run', () => {
  it.each([
    [1, { retryAt: new Date('2026-03-02T02:00:10Z') }],
    [2, { retryAt: new Date('2026-03-02T02:00:20Z') }],
    [3, { retryAt: new Date('2026-03-02T02:00:40Z') }],
    [10, { retryAt: new Date('2026-03-02T03:00:00Z') }],
    [11, { retryAt: new Date('2026-03-02T03:00:00Z') }],
    [12, { deadAt: now }],
    [13, { deadAt: now }],
  ])('run %i of 12 with 10 s to wait', (attempt, then) => {
    expect(afterFailure({ attempts: 12, backoffSeconds: 10 }, attempt, now)).toEqual(then);
  });
});

describe('what is kept of an error', () => {
  it.each([
    [
      'the code and the table stay',
      'duplicate key value violates unique constraint "task_key"',
      'duplicate key value violates unique constraint "…"',
    ],
    ['a phone number goes', 'no route to +86 138-0013-8000 today', 'no route to … today'],
    ['a phone number without spaces goes', 'number 13800138000 is refused', 'number … is refused'],
    ['a name in quotes goes', "invalid value '王小明' at line 12", 'invalid value "…" at line 12'],
    ['a status and a short number stay', 'gateway answered 503 after 3000 ms', 'gateway answered 503 after 3000 ms'],
    ['one line is kept', 'first\n  second', 'first second'],
  ])('%s', (_name, message, kept) => {
    expect(keptMessage(new Error(message))).toBe(kept);
  });

  it('is at most 300 characters long', () => {
    expect(keptMessage('x'.repeat(1000))).toHaveLength(300);
  });

  it('what is thrown need not be an Error', () => {
    expect(keptMessage('plain')).toBe('plain');
  });
});
