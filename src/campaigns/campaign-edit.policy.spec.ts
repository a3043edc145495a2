import { type CampaignPatch, changesOf, type EditableField } from './campaign-edit.policy.js';
import type { Campaign, CampaignState } from './campaigns.types.js';

const SAVED: Pick<Campaign, EditableField> = {
  name: '升档季',
  goal: null,
  kind: 'marketing',
  startsOn: '2026-11-01',
  endsOn: null,
  segmentId: '7',
  filter: { starLevel: [7], city: ['东城'] },
  script: { opening: '您好', branches: [], objections: [] },
  variants: [],
  maxAttempts: 3,
  minGapMinutes: 120,
  firstDialHours: 48,
  excludeSegmentIds: [],
  excludeFilter: null,
  waveTake: [],
  mostTogether: null,
  smsStep: null,
  completionHours: null,
  limitHours: 'clock',
  assignment: 'owner',
  bandLower: 0.34,
  bandUpper: null,
  bandMinAttempts: 200,
  holdoutPercent: 5,
  callWindow: null,
  callerNumber: null,
  productFamily: null,
};
const campaign = (state: CampaignState): Campaign => ({ ...SAVED, state }) as Campaign;

describe('what may change in a campaign', () => {
  it.each<[string, CampaignState, CampaignPatch]>([
    ['the segment of a running campaign', 'running', { segmentId: '8' }],
    ['the filter of a paused campaign', 'paused', { filter: null }],
    ['the hold-out of a scheduled campaign', 'scheduled', { holdoutPercent: 10 }],
    ['the assignment of a running campaign', 'running', { assignment: 'load' }],
  ])('refuses %s', (_, state, patch) => {
    expect(() => changesOf(campaign(state), patch)).toThrow('campaign_frozen');
  });

  it('refuses anything in a closed campaign', () => {
    expect(() => changesOf(campaign('closed'), { name: '别的' })).toThrow('campaign_closed');
  });

  it('takes a form that says again what stands there for no change, in every state', () => {
    const again: CampaignPatch = { ...SAVED, filter: { city: ['东城'], starLevel: [7] }, script: { objections: [], branches: [], opening: '您好' } };
    expect(changesOf(campaign('running'), again)).toEqual({});
    expect(changesOf(campaign('closed'), again)).toEqual({});
  });

  it('changes how a running campaign calls', () => {
    expect(changesOf(campaign('running'), { maxAttempts: 5, bandUpper: 0.46, name: '升档季' })).toEqual({ maxAttempts: 5, bandUpper: 0.46 });
  });

  it('changes everything in a draft, also back to nothing', () => {
    expect(changesOf(campaign('draft'), { segmentId: null, goal: '300 单' })).toEqual({ segmentId: null, goal: '300 单' });
  });
});
