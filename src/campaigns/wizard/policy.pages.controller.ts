import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsCommands } from '../campaigns.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import { ASSIGNMENTS, type Campaign, LIMIT_HOURS } from '../campaigns.types.js';
import { campaignUrl } from '../campaigns.views.js';
import { PolicyForm } from './wizard.forms.js';
import { checkWindow, following, isStep, policyPatch, policyValues, stepsView } from './wizard.views.js';

type FormBody = Record<string, unknown>;

/** How it is called and by whom. */
@ApiExcludeController()
@Controller('campaigns/:code/edit')
@Roles('planner')
export class PolicyPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly contact: ContactQueries,
    private readonly forms: Forms,
  ) {}

  @Get('policy')
  async policy(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await reply.view('campaigns/edit-policy', { ...this.policyPage(campaign), values: policyValues(campaign) });
  }

  @Post('policy')
  async savePolicy(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await this.forms.answer(reply, { view: 'campaigns/edit-policy', context: () => this.policyPage(campaign) }, async () => {
      const form = await readForm(PolicyForm, body);
      const patch = policyPatch(form, campaign.state === 'draft');
      checkWindow(patch.callWindow, this.contact.hardCallWindow(), form);
      await this.commands.edit(user, code, patch, form.version);
      return campaign.state === 'draft' || isStep(body.then) ? following(code, 'policy', body.then) : campaignUrl(code);
    });
  }

  private policyPage(campaign: Campaign) {
    return { campaign, steps: stepsView(campaign, 'policy'), assignments: ASSIGNMENTS, limitHours: LIMIT_HOURS, draft: campaign.state === 'draft' };
  }
}
