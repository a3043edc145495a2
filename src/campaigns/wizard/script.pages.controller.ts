import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsCommands } from '../campaigns.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import { armOf, withScript } from '../experiment/experiment.views.js';
import { scriptAsTyped, scriptFromForm, scriptSoFar } from '../script/script-form.policy.js';
import { ScriptFieldsQueries } from '../script/script-fields.queries.js';
import { StepForm } from './wizard.forms.js';
import { WizardQueries } from './wizard.queries.js';
import { following } from './wizard.views.js';

type FormBody = Record<string, unknown>;
const VIEW = 'campaigns/edit-script';
const asId = (value: unknown): string | undefined => (typeof value === 'string' && /^\d+$/.test(value) ? value : undefined);

const asKey = (value: unknown): string | undefined => (typeof value === 'string' && /^[A-D]$/.test(value) ? value : undefined);

/** The address part that opens the step at a script and a customer; the campaign's own script goes without saying. */
function shownBy({ variant, customer }: { variant: string; customer: string | undefined }): string {
  const query = new URLSearchParams({ ...(variant === 'A' ? {} : { variant }), ...(customer ? { customer } : {}) });
  return query.size > 0 ? `?${query.toString()}` : '';
}

/** What is said, and how it sounds to a real customer of the audience. */
@ApiExcludeController()
@Controller('campaigns/:code/edit/script')
@Roles('planner')
export class ScriptPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly wizard: WizardQueries,
    private readonly scripts: ScriptFieldsQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() ask: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const page = await this.wizard.scriptPage(user, campaign, { variant: asKey(ask.variant), customer: asId(ask.customer) });
    await reply.view(VIEW, page);
  }

  @Post()
  async save(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const variant = asKey(body.variant);
    const again = () => this.wizard.scriptPage(user, campaign, { variant, customer: asId(body.customer), typed: scriptAsTyped(body) });
    await this.forms.answer(reply, { view: VIEW, context: again }, async () => {
      const { version } = await readForm(StepForm, body);
      const script = scriptFromForm(body);
      await this.scripts.check(campaign, script);
      await this.commands.edit(user, code, withScript(campaign, variant, script), version);
      const chosen = asId(body.customer);
      const opened = asKey(body.open);
      if (opened) return following(code, 'script', 'stay') + shownBy({ variant: armOf(campaign, opened).key, customer: chosen });
      if (body.then && body.then !== 'stay') return following(code, 'script', body.then);
      return following(code, 'script', 'stay') + shownBy({ variant: armOf(campaign, variant).key, customer: chosen });
    });
  }

  /** How the typed script sounds, without saving it. */
  @Post('preview')
  async preview(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const rehearsal = await this.wizard.rehearsal(user, campaign, scriptSoFar(body), asId(body.shown));
    await reply.view('campaigns/script-said', rehearsal, { layout: false });
  }
}
