import { afterFailure, isLocked, type LoginFailures } from './login.policy.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 23, 2, minute));

function failing(minutes: number[]): (LoginFailures & { left: number }) | undefined {
  return minutes.reduce<(LoginFailures & { left: number }) | undefined>((record, minute) => afterFailure(record, at(minute)), undefined);
}

describe('lock-out after wrong passwords (SYS-2)', () => {
  it.each([
    { minutes: [0], left: 4, locked: false },
    { minutes: [0, 1, 2, 3], left: 1, locked: false },
    { minutes: [0, 1, 2, 3, 4], left: 0, locked: true },
    { minutes: [0, 1, 2, 3, 30], left: 4, locked: false },
  ])('$minutes leaves $left tries, locked: $locked', ({ minutes, left, locked }) => {
    const record = failing(minutes);
    expect(record?.left).toBe(left);
    expect(isLocked(record, at(minutes.at(-1) ?? 0))).toBe(locked);
  });

  it('opens again when fifteen minutes have passed, and counts from one', () => {
    const record = failing([0, 1, 2, 3, 4]);
    expect(isLocked(record, at(18))).toBe(true);
    expect(isLocked(record, at(19))).toBe(false);
    expect(afterFailure(record, at(19)).left).toBe(4);
  });
});
