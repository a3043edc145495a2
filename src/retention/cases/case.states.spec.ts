import { type CallsOfCase, deedsOf, stateAfter, stateByCalls } from './case.states.js';
import { CASE_DEEDS, CASE_STATES, type CaseDeed, type CaseState } from './case.types.js';

describe('RET-1 what can be done with a case by hand', () => {
  it.each<[CaseState, number, CaseDeed, CaseState | null]>([
    ['open', 0, 'keep', null],
    ['talking', 1, 'keep', 'kept'],
    ['talking', 1, 'lose', 'lost'],
    ['open', 0, 'lose', 'lost'],
    ['open', 0, 'call', 'open'],
    ['unreached', 0, 'call', 'open'],
    ['unreached', 2, 'call', 'talking'],
    ['kept', 1, 'reopen', 'talking'],
    ['lost', 0, 'reopen', 'open'],
    ['kept', 1, 'call', null],
    ['stopped', 1, 'call', null],
    ['stopped', 1, 'keep', null],
    ['stopped', 1, 'reopen', null],
    ['stopped', 1, 'lift', 'talking'],
    ['held_out', 0, 'call', null],
    ['held_out', 0, 'withdraw', 'withdrawn'],
  ])('%s after %i talks: %s leads to %s', (state, talks, deed, after) => expect(stateAfter({ state, talks }, deed)).toBe(after));

  it('every deed named for a state leads somewhere, and no other does', () => {
    for (const state of CASE_STATES)
      for (const deed of CASE_DEEDS)
        expect([state, deed, stateAfter({ state, talks: 0 }, deed) !== null]).toEqual([state, deed, deedsOf(state).includes(deed)]);
  });
});

describe('RET-3 where a case stands by its calls', () => {
  const calls = (more: Partial<CallsOfCase>): CallsOfCase => ({
    state: 'open',
    by: 'sign',
    talks: 0,
    converted: false,
    open: true,
    last: null,
    ...more,
  });
  it.each<[string, Partial<CallsOfCase>, CaseState]>([
    ['nobody answered yet', {}, 'open'],
    ['somebody spoke', { talks: 1 }, 'talking'],
    ['the customer took an offer', { talks: 1, converted: true, open: false, last: 'done' }, 'kept'],
    ['tried as often as the campaign asks for', { open: false, last: 'not_reached' }, 'unreached'],
    ['tried in vain, but another call is planned', { last: 'not_reached' }, 'open'],
    ['the sale was corrected', { state: 'kept', by: 'call', talks: 1, open: false, last: 'done' }, 'talking'],
    ['the talk was corrected', { state: 'talking', by: 'call', talks: 0 }, 'open'],
    ['somebody said they stay: a correction changes nothing', { state: 'kept', by: 'person', talks: 0 }, 'kept'],
    ['somebody said they leave: a later sale changes nothing', { state: 'lost', by: 'person', talks: 1, converted: true }, 'lost'],
    ['after an application to port out no call changes anything', { state: 'stopped', talks: 1, converted: true }, 'stopped'],
    ['the hold-out stays one, whoever rings them', { state: 'held_out', talks: 1 }, 'held_out'],
  ])('%s', (_, more, state) => expect(stateByCalls(calls(more))).toBe(state));
});
