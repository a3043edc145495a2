import { deedsOf, satisfied, stateAfter } from './ticket.states.js';
import { TICKET_DEEDS, TICKET_STATES, type TicketDeed, type TicketState } from './tickets.types.js';

/** Every state and deed; what is left out is refused. */
const TABLE: Record<TicketState, Partial<Record<TicketDeed, TicketState>>> = {
  open: { take: 'assigned', assign: 'assigned', transfer: 'open', merge: 'closed', urge: 'open', escalate: 'open' },
  assigned: {
    take: 'assigned',
    assign: 'assigned',
    transfer: 'open',
    answer: 'answered',
    wait: 'waiting',
    solve: 'solved',
    merge: 'closed',
    urge: 'assigned',
    escalate: 'assigned',
  },
  answered: {
    take: 'answered',
    assign: 'answered',
    transfer: 'open',
    wait: 'waiting',
    solve: 'solved',
    merge: 'closed',
    urge: 'answered',
    escalate: 'answered',
  },
  waiting: { resume: 'assigned', merge: 'closed', urge: 'waiting', escalate: 'waiting' },
  solved: { close: 'closed', reopen: 'assigned' },
  closed: { reopen: 'assigned' },
};

describe('TIC-3 the life of a ticket', () => {
  it.each(TICKET_STATES.flatMap((state) => TICKET_DEEDS.map((deed) => [state, deed] as const)))('%s, %s', (state, deed) => {
    expect(stateAfter({ state, assigned: true, answered: false }, deed)).toBe(TABLE[state][deed] ?? null);
  });

  it.each([
    ['waiting', 'resume', true, 'answered'],
    ['solved', 'reopen', true, 'answered'],
    ['closed', 'reopen', false, 'assigned'],
  ] as const)('%s goes back by %s to where it stood', (state, deed, answered, after) => {
    expect(stateAfter({ state, assigned: true, answered }, deed)).toBe(after);
  });

  it('nobody had it: open again', () => {
    expect(stateAfter({ state: 'closed', assigned: false, answered: false }, 'reopen')).toBe('open');
  });

  it('what was put before superiors is not put there again, and who has it does not take it', () => {
    const offered = (escalated: boolean) => deedsOf({ state: 'assigned', assigned: true, answered: false, escalated }, 'fault');
    expect(offered(false).filter((deed) => !offered(true).includes(deed))).toEqual(['escalate']);
    expect(offered(false)).not.toContain('take');
  });

  it.each([
    ['complaint', false],
    ['fault', false],
    ['suggestion', true],
    ['consultation', true],
  ] as const)('TIC-4 a solved %s offers to close: %s', (kind, offered) => {
    expect(deedsOf({ state: 'solved', assigned: true, answered: true, escalated: false }, kind).includes('close')).toBe(offered);
  });

  it.each([1, 2, 3, 4, 5])('TIC-4 satisfaction %i', (value) => expect(satisfied(value)).toBe(value > 2));
});
