/** Why a task stays where it is: it is on the telephone, over, waits to be handed out, or lies with the receiver already. */
export type Stays = 'claimed' | 'over' | 'lying' | 'there';

export interface Ticked {
  state: string;
  ownerId: string | null;
}

/** @param to who shall get it; before that is chosen: null @returns null when it can move */
export function staysBecause({ state, ownerId }: Ticked, to: string | null): Stays | null {
  if (state === 'claimed') return 'claimed';
  if (state === 'recycled') return 'lying';
  if (state !== 'open') return 'over';
  return to !== null && ownerId === to ? 'there' : null;
}
