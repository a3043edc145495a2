import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsCommands } from '../campaigns.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import { CAMPAIGN_KINDS, type Campaign } from '../campaigns.types.js';
import { DetailsForm } from './wizard.forms.js';
import { WizardQueries } from './wizard.queries.js';
import { detailsPatch, detailsValues, following, newDetails, stepsView } from './wizard.views.js';

type FormBody = Record<string, unknown>;
const VIEW = 'campaigns/edit-details';

/** The first step: what the campaign is for, when, and under which code. Saving it makes the draft. */
@ApiExcludeController()
@Controller('campaigns')
@Roles('planner')
export class DetailsPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly wizard: WizardQueries,
    private readonly clock: Clock,
    private readonly forms: Forms,
  ) {}

  @Get('new')
  async fresh(@Res() reply: FastifyReply): Promise<void> {
    const values = newDetails(dayOf(this.clock.now()), await this.wizard.freeCode());
    await reply.view(VIEW, { ...this.page(null), values: { ...values, proposed: values.code } });
  }

  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(null) }, async () => {
      const form = await readForm(DetailsForm, body);
      const { code } = await this.commands.create(user, form);
      if (form.code !== undefined && form.code !== code) flash(reply.request, 'campaigns.code_next', { taken: form.code, code });
      return following(code, 'details', body.then);
    });
  }

  @Get(':code/edit')
  async toDetails(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await this.queries.byCode(user, code);
    void reply.code(303).redirect(following(code, 'details', 'stay'));
  }

  @Get(':code/edit/details')
  async details(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await reply.view(VIEW, { ...this.page(campaign), values: detailsValues(campaign) });
  }

  @Post(':code/edit/details')
  async save(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(campaign) }, async () => {
      const form = await readForm(DetailsForm, body);
      await this.commands.edit(user, code, detailsPatch(form, campaign.state === 'draft'), form.version);
      return following(code, 'details', body.then);
    });
  }

  private page(campaign: Campaign | null) {
    return { campaign, steps: stepsView(campaign, 'details'), kinds: CAMPAIGN_KINDS, draft: !campaign || campaign.state === 'draft' };
  }
}
