import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ApprovalsQueries } from '../approval/approvals.queries.js';
import { Building } from '../building/building.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { campaignUrl } from '../campaigns.views.js';
import { Previews } from './preview.queries.js';
import { factsView } from './facts.views.js';
import { ScriptFieldsQueries } from '../script/script-fields.queries.js';
import { LaunchForm } from './wizard.forms.js';
import { stepsView } from './wizard.views.js';

type FormBody = Record<string, unknown>;
/** Above this many people the number is typed, not only read (ui.md 8). */
const TYPED_ABOVE = 10_000;

/** What is to be launched, once more, and the deed itself. */
@ApiExcludeController()
@Controller('campaigns/:code/edit')
@Roles('planner')
export class LaunchPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly building: Building,
    private readonly previews: Previews,
    private readonly approvals: ApprovalsQueries,
    private readonly scripts: ScriptFieldsQueries,
    private readonly forms: Forms,
  ) {}

  @Get('launch')
  async launch(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query('count') count: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    if (campaign.state !== 'draft' || campaign.building) return void reply.code(303).redirect(campaignUrl(code));
    await reply.view('campaigns/edit-launch', await this.launchPage(campaign, count !== undefined));
  }

  @Post('launch')
  async start(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await this.forms.answer(reply, { view: 'campaigns/edit-launch', context: () => this.launchPage(campaign, true) }, async () => {
      const form = await readForm(LaunchForm, body);
      const typed = form.confirm?.replace(/[,，\s]/g, '');
      if (form.expected > TYPED_ABOVE && typed !== String(form.expected)) {
        throw new DomainError('launch_number_wrong', { param: 'confirm', params: { included: form.expected } });
      }
      await this.scripts.demandKnown(campaign);
      const launched = await this.building.launch(user, code, { expected: form.expected });
      if (launched.building) return campaignUrl(code);
      flash(reply.request, `campaigns.done.${launched.state}`, { name: launched.name, count: form.expected, startsOn: launched.startsOn });
      return campaignUrl(code);
    });
  }

  /** Nobody launches a number they have not seen: without the figures there is no button yet. */
  private async launchPage(campaign: Campaign, asked: boolean) {
    const { result, later } = await this.previews.soon(campaign, asked);
    const noAudience = campaign.segmentId === null && campaign.filter === null && campaign.waveOf === null;
    return {
      campaign,
      steps: stepsView(campaign, 'launch'),
      facts: factsView(campaign),
      result,
      later,
      many: asked, // over many customers a dry run is asked for, too
      approval: result && (await this.approvalOf(campaign, result.included)),
      typed: result && result.included > TYPED_ABOVE,
      noAudience,
      unknownFields: [...new Set((await this.scripts.unknown(campaign)).map(({ field }) => field))],
      nobody: result && result.included === 0 && !noAudience, // without a list it can still take dispatches
      noScript: campaign.script.opening === '' && campaign.script.branches.length === 0,
    };
  }

  /** What stands in the way of the launch: null when nothing does. */
  private async approvalOf(campaign: Campaign, customers: number) {
    const { needed, standing, last } = await this.approvals.status(campaign, customers);
    return needed ? { standing, last, open: standing === 'approved' } : { open: true };
  }
}
