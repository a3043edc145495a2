import type { TicketDeed, TicketKind, TicketState } from './tickets.types.js';

/** Moves the state; `again` puts back where it stood before the customer was waited for. */
type Move = TicketState | 'again' | 'same';

const AT_WORK = { transfer: 'open', merge: 'closed', assign: 'assigned', escalate: 'same' } as const;

const MOVES: Record<TicketState, Partial<Record<TicketDeed, Move>>> = {
  open: { ...AT_WORK, take: 'assigned', urge: 'same' },
  assigned: { ...AT_WORK, take: 'same', answer: 'answered', wait: 'waiting', solve: 'solved', urge: 'same' },
  answered: { ...AT_WORK, assign: 'same', take: 'same', wait: 'waiting', solve: 'solved', urge: 'same' },
  waiting: { merge: 'closed', resume: 'again', urge: 'same', escalate: 'same' },
  solved: { close: 'closed', reopen: 'again' },
  closed: { reopen: 'again' },
};

/** Complaints and faults close by the customer's word in a call-back alone (TIC-4), and rest marketing while they are open (GOV-7). */
export const needsCallBack = (kind: string): kind is 'complaint' | 'fault' => kind === 'complaint' || kind === 'fault';

export interface TicketStanding {
  state: TicketState;
  assigned: boolean;
  answered: boolean;
}

/** The state a deed leads to; null: not from here. */
export function stateAfter({ state, assigned, answered }: TicketStanding, deed: TicketDeed): TicketState | null {
  const move = MOVES[state][deed];
  if (move === undefined) return null;
  if (move === 'same') return state;
  if (move !== 'again') return move;
  return !assigned ? 'open' : answered ? 'answered' : 'assigned';
}

/** What can be done by hand; superiors are told once a limit. What lies with somebody who has left can be taken as if nobody had it. */
export function deedsOf(standing: TicketStanding & { escalated: boolean; left?: boolean }, kind: TicketKind): TicketDeed[] {
  const never: Partial<Record<TicketDeed, boolean>> = {
    close: needsCallBack(kind),
    take: standing.assigned && !standing.left,
    escalate: standing.escalated,
  };
  return (Object.keys(MOVES[standing.state]) as TicketDeed[]).filter((deed) => never[deed] !== true);
}

/** 3 of 5 and better is satisfied: the ticket closes; below, it was not solved. */
export const satisfied = (satisfaction: number): boolean => satisfaction >= 3;
