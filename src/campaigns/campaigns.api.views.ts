import { variantKey } from './experiment/variant.policy.js';
import type { AudienceCount, Campaign, TaskCount } from './campaigns.types.js';

/** A campaign as the API gives it: the names of POST /campaigns, and what has become of it. */
export const apiCampaign = (campaign: Campaign, tasks?: TaskCount, audience?: AudienceCount | null) => ({
  id: campaign.id,
  code: campaign.code,
  name: campaign.name,
  kind: campaign.kind,
  state: campaign.state,
  goal: campaign.goal,
  startsOn: campaign.startsOn,
  endsOn: campaign.endsOn,
  standing: campaign.standing,
  segment: campaign.segment,
  filter: campaign.filter,
  exclude: { segments: campaign.excludeSegments, filter: campaign.excludeFilter },
  wave: campaign.wave,
  waveOf: campaign.waveOfCode,
  ...(campaign.waveOf === null ? {} : { waveTake: campaign.waveTake, mostTogether: campaign.mostTogether }),
  script: campaign.script,
  variants: campaign.variants.map((variant, index) => ({ key: variantKey(index + 1), ...variant })),
  attemptPolicy: {
    maxAttempts: campaign.maxAttempts,
    minGapMinutes: campaign.minGapMinutes,
    firstDialHours: campaign.firstDialHours,
    completionHours: campaign.completionHours,
    limitHours: campaign.limitHours,
  },
  assignment: campaign.assignment,
  band:
    campaign.bandLower === null && campaign.bandUpper === null
      ? null
      : { lower: campaign.bandLower, upper: campaign.bandUpper, minAttempts: campaign.bandMinAttempts },
  holdoutPercent: campaign.holdoutPercent,
  smsStep: campaign.smsStep,
  callerNumber: campaign.callerNumber,
  productFamily: campaign.productFamily,
  createdBy: campaign.createdByName,
  createdAt: campaign.createdAt,
  launchedAt: campaign.launchedAt,
  ...(audience === undefined ? {} : { audience }),
  ...(tasks ? { tasks } : {}),
});
