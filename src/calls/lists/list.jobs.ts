import { Injectable } from '@nestjs/common';
import { CampaignClosed, CampaignLaunched } from '../../campaigns/campaigns.events.js';
import { EveryMinute, OnEvent } from '../../platform/jobs/job-handler.js';
import { ListFilling } from './list-filling.commands.js';
import { Recycling } from './recycling.commands.js';
import { StandIns } from '../handover/stand-in.commands.js';

/** What a campaign's life does to its list. */
@Injectable()
export class ListJobs {
  constructor(
    private readonly lists: ListFilling,
    private readonly standIns: StandIns,
    private readonly recycling: Recycling,
  ) {}

  @OnEvent(CampaignLaunched, 'calls.fill-list')
  async onLaunched({ campaignId }: { campaignId: string }): Promise<void> {
    if ((await this.lists.fill(campaignId)) > 0) await this.standIns.ofNewList();
  }

  /** A list handed out at ten is looked at at ten, two days later: not a day after its limit. */
  @EveryMinute('calls.keep-list-limits')
  async keepLimits(): Promise<void> {
    await this.recycling.run();
  }

  @OnEvent(CampaignClosed, 'calls.call-off-list')
  async onClosed({ campaignId }: { campaignId: string }): Promise<void> {
    await this.lists.callOff(campaignId);
  }
}
