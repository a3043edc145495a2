import type { Day } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import type { CampaignState } from './campaigns.types.js';

export type CampaignAction = 'launch' | 'start' | 'pause' | 'resume' | 'close';

/** The life of a campaign. `start` is the schedule's own: the day of a scheduled campaign has come. Nothing leaves `closed`. */
export const TRANSITIONS: Record<CampaignAction, { from: readonly CampaignState[]; to: readonly CampaignState[] }> = {
  launch: { from: ['draft'], to: ['running', 'scheduled'] },
  start: { from: ['scheduled'], to: ['running'] },
  pause: { from: ['running', 'scheduled'], to: ['paused'] },
  resume: { from: ['paused'], to: ['running', 'scheduled'] },
  close: { from: ['draft', 'scheduled', 'running', 'paused'], to: ['closed'] },
};

/** What decides where an action leads. */
export interface LifeFacts {
  state: CampaignState;
  startsOn: Day;
  /** Standing campaigns have no end: care rules and ad hoc contacts need them. */
  standing: boolean;
}

/** True when the campaign already is where the action would bring it: the second press of a button changes nothing (R4). */
export const alreadyThere = (facts: LifeFacts, action: CampaignAction): boolean => TRANSITIONS[action].to.includes(facts.state);

/**
 * The state an action leads to on a day.
 * @throws DomainError `campaign_state` (409) when the state does not allow it, `campaign_standing` (409) for closing a standing campaign
 */
export function nextState(facts: LifeFacts, action: CampaignAction, today: Day): CampaignState {
  if (facts.standing && action === 'close') throw new DomainError('campaign_standing', { status: 409 });
  if (!TRANSITIONS[action].from.includes(facts.state)) {
    throw new DomainError('campaign_state', { status: 409, params: { state: facts.state, action } });
  }
  if (action === 'pause') return 'paused';
  if (action === 'close') return 'closed';
  return action !== 'start' && facts.startsOn > today ? 'scheduled' : 'running';
}

/** What the buttons of a page may offer now. */
export const allowedActions = (facts: LifeFacts): CampaignAction[] =>
  (['launch', 'pause', 'resume', 'close'] as const).filter(
    (action) => TRANSITIONS[action].from.includes(facts.state) && !(facts.standing && action === 'close'),
  );
