import { demoResume, demoStart, isShifted } from './demo-clock.policy.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);

describe('the clock of the demo', () => {
  test.each([
    ['a working day at half past ten: the real time', '2026-11-23T10:30', true, '2026-11-23T10:30'],
    ['a working day in the lunch break: next working day', '2026-11-23T12:30', true, '2026-11-24T10:00'],
    ['a working day in the evening', '2026-11-23T21:15', true, '2026-11-24T10:00'],
    ['a Sunday morning', '2026-11-22T10:30', false, '2026-11-24T10:00'],
  ])('%s', (_name, now, works, start) => {
    expect(demoStart(at(now), works, '2026-11-24')).toEqual(at(start));
  });

  test('over a restart it runs on with the same shift', () => {
    expect(demoResume(at('2026-11-22T11:00'), 23 * 3_600_000, at('2026-11-23T10:00'))).toEqual(at('2026-11-23T10:00'));
    expect(demoResume(at('2026-11-22T12:00'), 23 * 3_600_000, at('2026-11-23T10:30'))).toEqual(at('2026-11-23T11:00'));
  });

  test("it never goes back, also when the machine's clock was set back", () => {
    expect(demoResume(at('2026-11-21T12:00'), 0, at('2026-11-22T09:00'))).toEqual(at('2026-11-22T09:00'));
  });

  test('a minute more or less is no shift', () => {
    expect([isShifted(30_000), isShifted(-7_200_000)]).toEqual([false, true]);
  });
});
