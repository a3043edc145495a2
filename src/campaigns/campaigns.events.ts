import { defineEvent } from '../platform/jobs/define-event.js';

/** The campaign runs for the first time: its audience is frozen, lists can be filled from campaigns.v_audience where excluded is null. */
export const CampaignLaunched = defineEvent<{ campaignId: string }>('campaigns.launched');
/** No new contact until it is resumed. */
export const CampaignPaused = defineEvent<{ campaignId: string }>('campaigns.paused');
export const CampaignResumed = defineEvent<{ campaignId: string }>('campaigns.resumed');
/** For good: open work of the campaign is called off. */
export const CampaignClosed = defineEvent<{ campaignId: string }>('campaigns.closed');
