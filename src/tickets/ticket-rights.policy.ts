import type { TicketDeed } from './tickets.types.js';

/** Whoever reads a ticket may urge it; one that nobody has is taken by whoever of its unit is first. */
const FOR_EVERYBODY: readonly TicketDeed[] = ['urge', 'take'];

/** Who wants to do something with a ticket. */
export interface Stake {
  /** More than a manager. */
  supervises: boolean;
  /** They have it, opened it, or it is of a customer of theirs. */
  own: boolean;
}

/** A manager reads the tickets of her team and changes her own; whoever supervises changes all they see (TIC-3). */
export const mayDo = ({ supervises, own }: Stake, deed: TicketDeed): boolean => supervises || own || FOR_EVERYBODY.includes(deed);
