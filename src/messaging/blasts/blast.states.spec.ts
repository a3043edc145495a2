import {
  BLAST_MOVES,
  BLAST_STATES,
  type BlastDeed,
  COUNT_KEYS,
  COUNT_OF,
  isOpen,
  RECIPIENT_MOVES,
  type RecipientState,
  refusalOf,
  sourcesOf,
  statesOf,
} from './blast.states.js';

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

  it.each<[BlastDeed, (string | null)[]]>([
    ['start', [null, 'blast_state', 'blast_state', 'blast_state', 'blast_state']],
    ['pause', ['blast_not_started', null, 'blast_state', 'blast_state', 'blast_state']],
    ['resume', ['blast_not_started', 'blast_state', null, 'blast_state', 'blast_state']],
    ['finish', ['blast_not_started', null, 'blast_state', 'blast_state', 'blast_state']],
    ['cancel', [null, null, null, 'blast_state', 'blast_state']],
  ])('%s of a draft, a running, a paused, a finished and a cancelled blast: %j', (deed, refusals) => {
    expect(BLAST_STATES.map((state) => refusalOf(deed, state))).toEqual(refusals);
  });

  it('nothing leaves a finished or cancelled blast, and every state is reached or the first', () => {
    expect(BLAST_STATES.filter((state) => !isOpen(state))).toEqual(['done', 'cancelled']);
    expect(new Set(['draft', ...Object.values(BLAST_MOVES).map(({ to }) => to)])).toEqual(new Set(BLAST_STATES));
  });
});
