import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { following, stepsView } from '../../campaigns/wizard/wizard.queries.js';
import type { Campaign } from '../../campaigns/campaigns.types.js';
import { DomainError, type ErrorParams } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { StepPages } from './step-pages.queries.js';
import { StepSetting } from './step-setting.commands.js';
import { StepPageForm, stepOf } from './step.forms.js';

type Posted = Record<string, unknown>;
const VIEW = 'campaigns/edit-sms';

/** The step of the wizard in which a text before or after the call is chosen, and what it shows elsewhere. */
@ApiExcludeController()
@Controller('campaigns/:code')
@Roles('planner')
export class StepPagesController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly setting: StepSetting,
    private readonly pages: StepPages,
    private readonly forms: Forms,
  ) {}

  @Get('edit/sms')
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.toChange(user, code);
    const values = this.pages.values(campaign.smsStep);
    await reply.view(VIEW, { ...(await this.page(user, campaign, values)), values, ...(await this.pages.said(user, campaign, campaign.smsStep)) });
  }

  @Post('edit/sms')
  async save(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.toChange(user, code);
    const again = async () => ({ ...(await this.page(user, campaign, body)), ...(await this.pages.said(user, campaign, campaign.smsStep)) });
    await this.forms.answer(reply, { view: VIEW, context: again }, async () => {
      if (campaign.state === 'draft') {
        const form = await readForm(StepPageForm, body);
        await this.setting.set(user, code, stepOf(form), form.version);
      }
      return following(code, 'sms', body.then);
    });
  }

  /** How the texts read and whom they would reach, of what is chosen, without saving it. */
  @Post('edit/sms/preview')
  async preview(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.toChange(user, code);
    await reply.view('campaigns/sms-said', await this.chosen(user, campaign, body), { layout: false });
  }

  /** For the last step of the wizard: whom the texts would reach. */
  @Get('sms-step/dry-run')
  async dryRun(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.toChange(user, code);
    await reply.view('campaigns/sms-dry-run', { ...(await this.pages.said(user, campaign, campaign.smsStep)), campaign }, { layout: false });
  }

  /** For the page of the campaign: what each text brought. */
  @Roles('planner', 'supervisor', 'client')
  @Get('sms-step')
  async figures(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.byCode(user, code);
    const context = { campaign, ...(await this.pages.figures(user, campaign)) };
    await (isHtmx(reply.request) ? reply.view('campaigns/sms-figures', context, { layout: false }) : reply.view('campaigns/sms-figures', context));
  }

  /** What is half chosen is no error yet, what is chosen wrongly is said at once. */
  private async chosen(user: CurrentUser, campaign: Campaign, body: Posted): Promise<object> {
    try {
      const step = stepOf(await readForm(StepPageForm, body));
      if (step) await this.setting.check(user, campaign, step);
      return await this.pages.said(user, campaign, step);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { incomplete: true, why: whyNot(error) };
    }
  }

  private async page(user: CurrentUser, campaign: Campaign, chosen: Posted) {
    return {
      campaign,
      steps: stepsView(campaign, 'sms'),
      draft: campaign.state === 'draft',
      whens: ['none', 'before', 'after'],
      chosenOutcomes: chosen.outcomes === undefined ? [] : [chosen.outcomes].flat(),
      slots: ['A', 'B', 'C'].map((key) => ({ key, first: key === 'A', template: chosen[`template${key}`], percent: chosen[`percent${key}`] })),
      ...(await this.pages.choices(user, campaign.smsStep)),
    };
  }
}

/** Nothing has been chosen where the first text is missing; a box that is no number is said when it is saved. */
const whyNot = ({ code, params }: DomainError): { key: string; params: ErrorParams } | null =>
  ['step_template_missing', 'invalid_input'].includes(code) ? null : { key: `error.${code}`, params };
