import { allowedActions, alreadyThere, type CampaignAction, type LifeFacts, nextState, TRANSITIONS } from './campaign.states.js';
import { CAMPAIGN_STATES, type CampaignState } from './campaigns.types.js';

const TODAY = '2026-11-22';
const facts = (state: CampaignState, more: Partial<LifeFacts> = {}): LifeFacts => ({ state, startsOn: '2026-11-01', standing: false, ...more });
const actions = Object.keys(TRANSITIONS) as CampaignAction[];

describe('the life of a campaign (CAM-1)', () => {
  it.each(actions.flatMap((action) => CAMPAIGN_STATES.filter((s) => !TRANSITIONS[action].from.includes(s)).map((state) => [action, state] as const)))(
    'refuses to %s a %s campaign',
    (action, state) => {
      expect(() => nextState(facts(state), action, TODAY)).toThrow('campaign_state');
    },
  );

  it('refuses to close a standing campaign', () => {
    expect(() => nextState(facts('running', { standing: true }), 'close', TODAY)).toThrow('campaign_standing');
    expect(allowedActions(facts('running', { standing: true }))).toEqual(['pause']);
  });

  it.each([
    ['launch', 'draft', '2026-11-01', 'running'],
    ['launch', 'draft', TODAY, 'running'],
    ['launch', 'draft', '2026-11-23', 'scheduled'],
    ['start', 'scheduled', TODAY, 'running'],
    ['pause', 'running', TODAY, 'paused'],
    ['pause', 'scheduled', '2026-12-01', 'paused'],
    ['resume', 'paused', TODAY, 'running'],
    ['resume', 'paused', '2026-12-01', 'scheduled'],
    ['close', 'draft', TODAY, 'closed'],
    ['close', 'scheduled', TODAY, 'closed'],
    ['close', 'running', TODAY, 'closed'],
    ['close', 'paused', TODAY, 'closed'],
  ] as const)('%s leads from %s (starting %s) to %s', (action, from, startsOn, to) => {
    expect(nextState(facts(from, { startsOn }), action, TODAY)).toBe(to);
  });

  it('leaves no way out of closed', () => {
    expect(allowedActions(facts('closed'))).toEqual([]);
  });

  it('takes the second press of a button for done (R4)', () => {
    expect(alreadyThere(facts('running'), 'launch')).toBe(true);
    expect(alreadyThere(facts('scheduled'), 'launch')).toBe(true);
    expect(alreadyThere(facts('paused'), 'pause')).toBe(true);
    expect(alreadyThere(facts('draft'), 'pause')).toBe(false);
  });
});
