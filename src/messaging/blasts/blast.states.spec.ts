import { BLAST_MOVES, COUNT_KEYS, COUNT_OF, RECIPIENT_MOVES, type RecipientState, canMoveBlast, sourcesOf, statesOf } from './blast.states.js';

const ALL = Object.keys(RECIPIENT_MOVES) as RecipientState[];

describe('SMS-3 states of a blast and its recipients', () => {
  it.each(['refused', 'rejected', 'undelivered', 'delivered', 'cancelled'] as const)('R11 nothing leaves %s', (state) => {
    expect(RECIPIENT_MOVES[state]).toEqual([]);
  });

  it('only a late receipt leads out of expired', () => {
    expect(RECIPIENT_MOVES.expired).toEqual(['delivered', 'undelivered']);
  });

  it('a mark that comes late never overwrites what a receipt said', () => {
    expect(sourcesOf('accepted')).not.toContain('delivered');
    expect(sourcesOf('submitted')).toEqual(['queued']);
  });

  it('a message is planned anew only from a fate that the gateway has denied', () => {
    expect(sourcesOf('planned')).toEqual(['queued', 'in_doubt']);
  });

  it('every state counts in exactly one of the seven figures', () => {
    expect(COUNT_KEYS.flatMap((key) => statesOf(key)).sort()).toEqual([...ALL].sort());
    expect(new Set(Object.values(COUNT_OF))).toEqual(new Set(COUNT_KEYS));
  });

  it('reads a single state as a filter too, and nothing from an unknown word', () => {
    expect(statesOf('undelivered')).toEqual(['undelivered']);
    expect(statesOf('submitted')).toEqual(['submitted', 'accepted']);
    expect(statesOf('nonsense')).toEqual([]);
  });

  it('a finished or cancelled blast stays so, a paused one goes on or is cancelled', () => {
    expect(BLAST_MOVES.done).toEqual([]);
    expect(BLAST_MOVES.cancelled).toEqual([]);
    expect(canMoveBlast('paused', 'running')).toBe(true);
    expect(canMoveBlast('paused', 'done')).toBe(false);
  });
});
