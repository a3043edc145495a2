import { Injectable } from '@nestjs/common';
import { AttemptCorrected, AttemptRecorded } from '../../calls/calls.events.js';
import { CampaignClosed, CampaignLaunched, CampaignPaused, CampaignResumed } from '../../campaigns/campaigns.events.js';
import { EveryMinute, OnEvent } from '../../platform/jobs/job-handler.js';
import { CampaignSteps } from './step.commands.js';

/** What a campaign's life and its calls do to its texts. */
@Injectable()
export class StepJobs {
  constructor(private readonly steps: CampaignSteps) {}

  @OnEvent(CampaignLaunched, 'messaging.step-before')
  async onLaunched({ campaignId }: { campaignId: string }): Promise<void> {
    await this.steps.beforeCalls(campaignId);
  }

  @OnEvent(AttemptRecorded, 'messaging.step-after')
  async onCall({ taskId, at }: { taskId: string | null; at: string }): Promise<void> {
    await this.steps.afterCall(taskId, new Date(at));
  }

  @OnEvent(AttemptCorrected, 'messaging.step-corrected')
  async onCorrected({ taskId, at }: { taskId: string | null; at: string }): Promise<void> {
    await this.steps.afterCall(taskId, new Date(at));
  }

  @EveryMinute('messaging.step-due')
  async sendDue(): Promise<void> {
    await this.steps.sendDue();
  }

  @OnEvent(CampaignPaused, 'messaging.step-pause')
  onPaused({ campaignId }: { campaignId: string }): Promise<void> {
    return this.steps.follow(campaignId, 'paused');
  }

  @OnEvent(CampaignResumed, 'messaging.step-resume')
  onResumed({ campaignId }: { campaignId: string }): Promise<void> {
    return this.steps.follow(campaignId, 'running');
  }

  @OnEvent(CampaignClosed, 'messaging.step-close')
  onClosed({ campaignId }: { campaignId: string }): Promise<void> {
    return this.steps.follow(campaignId, 'closed');
  }
}
