import { Injectable } from '@nestjs/common';
import type { CurrentUser } from '../staff/staff.types.js';
import { AudienceQueries } from './audience.queries.js';
import { BuildingViews } from './building/building.views.js';
import { CampaignsQueries, mayChange } from './campaigns.queries.js';
import type { Campaign } from './campaigns.types.js';
import { audienceView, campaignUrl, headView } from './campaigns.views.js';

/** What stands above every page of a campaign. */
@Injectable()
export class CampaignHeads {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly audience: AudienceQueries,
    private readonly building: BuildingViews,
  ) {}

  async of(user: CurrentUser, campaign: Campaign, tab: string) {
    const [tasks, audience, launching] = await Promise.all([
      this.queries.taskCount(campaign, user),
      campaign.frozenAt ? this.audience.frozen(campaign.id) : null,
      this.building.of(campaign, user.locale),
    ]);
    return {
      ...headView(campaign, mayChange(user, campaign)),
      tab,
      tasks,
      launching,
      audience: audience && audienceView(audience),
      figuresOnly: user.role === 'client',
      outHref: audience && user.role !== 'client' && campaign.orgPath.startsWith(user.orgPath) ? `${campaignUrl(campaign.code)}/list/out` : null,
    };
  }
}
