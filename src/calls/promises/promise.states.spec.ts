import fc from 'fast-check';
import { addDays } from '../../kernel/day.js';
import { isUndone, PROMISE_STATES, type PromiseDeed, promiseAfter, type PromiseStanding } from './promise.states.js';

const DUE = '2026-11-25';
const open: PromiseStanding = { state: 'open', dueOn: DUE, done: false };

describe('CAM-5 what becomes of a promise', () => {
  it.each<[string, PromiseStanding, PromiseDeed, string, Partial<PromiseStanding> | null]>([
    ['kept on its day', open, 'keep', DUE, { state: 'kept', done: false }],
    ['kept before its day', open, 'keep', '2026-11-24', { state: 'kept', done: false }],
    ['kept a day late, before the clock saw it', open, 'keep', '2026-11-26', { state: 'broken', done: true }],
    ['left until its day is over', open, 'expire', '2026-11-26', { state: 'broken', done: false }],
    ['not broken while its day lasts', open, 'expire', DUE, null],
    ['handed over on its day', open, 'hand_over', DUE, { state: 'handed_over' }],
    ['never handed over after its day', open, 'hand_over', '2026-11-26', null],
    ['kept after it was broken stays broken', { ...open, state: 'broken' }, 'keep', '2026-11-27', { state: 'broken', done: true }],
    ['done twice', { ...open, state: 'broken', done: true }, 'keep', '2026-11-27', null],
    ['kept twice', { ...open, state: 'kept' }, 'keep', DUE, null],
    ['broken after it was kept', { ...open, state: 'kept' }, 'expire', '2026-11-26', null],
    ['handed over twice', { ...open, state: 'handed_over' }, 'hand_over', DUE, null],
  ])('%s', (_name, from, deed, today, expected) => {
    const after = promiseAfter(from, deed, today);
    if (expected === null) expect(after).toBeNull();
    else expect(after).toMatchObject(expected);
  });

  it('whatever is done in whatever order, it ends kept, broken or handed over, once, and stays so', () => {
    const deeds = fc.array(fc.tuple(fc.constantFrom<PromiseDeed>('keep', 'expire', 'hand_over'), fc.integer({ min: 0, max: 2 })), { maxLength: 12 });
    fc.assert(
      fc.property(deeds, (acts) => {
        let standing = open;
        let today = '2026-11-24';
        for (const [deed, days] of acts) {
          today = addDays(today, days);
          const after = promiseAfter(standing, deed, today);
          if (!after) continue;
          expect(PROMISE_STATES).toContain(after.state);
          if (standing.state !== 'open') expect(after.state).toBe(standing.state);
          else expect(after.state).not.toBe('open');
          standing = after;
        }
        if (today > DUE) expect(promiseAfter(standing, 'expire', today) === null).toBe(standing.state !== 'open');
        expect(isUndone(standing)).toBe(standing.state === 'open' || (standing.state === 'broken' && !standing.done));
      }),
    );
  });
});
