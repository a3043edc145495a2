import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsCommands } from '../campaigns.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { scriptFromForm } from '../script/script-form.policy.js';
import type { Script } from '../script/script.types.js';
import { StepForm } from './wizard.forms.js';
import { WizardQueries } from './wizard.queries.js';
import { following, scriptRows, stepsView } from './wizard.views.js';

type FormBody = Record<string, unknown>;
const VIEW = 'campaigns/edit-script';
const asId = (value: unknown): string | undefined => (typeof value === 'string' && /^\d+$/.test(value) ? value : undefined);

/** What is said, and how it sounds to a real customer of the audience. */
@ApiExcludeController()
@Controller('campaigns/:code/edit/script')
@Roles('planner')
export class ScriptPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly wizard: WizardQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query('customer') customer: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await reply.view(VIEW, { ...(await this.page(user, campaign, campaign.script, asId(customer))), values: { version: campaign.version } });
  }

  @Post()
  async save(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const again = () => this.page(user, campaign, campaign.script, asId(body.customer));
    await this.forms.answer(reply, { view: VIEW, context: again }, async () => {
      const { version } = await readForm(StepForm, body);
      await this.commands.edit(user, code, { script: scriptFromForm(body) }, version);
      const chosen = asId(body.customer);
      if (body.then && body.then !== 'stay') return following(code, 'script', body.then);
      return following(code, 'script', 'stay') + (chosen ? `?customer=${chosen}` : '');
    });
  }

  /** How the typed script sounds, without saving it. */
  @Post('preview')
  async preview(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const rehearsal = await this.wizard.rehearsal(user, campaign, scriptFromForm(body), asId(body.shown));
    await reply.view('campaigns/script-said', rehearsal, { layout: false });
  }

  private async page(user: CurrentUser, campaign: Campaign, script: Script, customer: string | undefined) {
    return {
      campaign,
      steps: stepsView(campaign, 'script'),
      draft: campaign.state === 'draft',
      script: scriptRows(script),
      fields: await this.wizard.fields(campaign),
      ...(await this.wizard.rehearsal(user, campaign, script, customer)),
    };
  }
}
