import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { GatewaysCommands } from './gateways.commands.js';
import { GatewaysQueries } from './gateways.queries.js';
import { GatewayPages } from './gateway-pages.queries.js';
import { type Fields, formFields } from './gateway-pages.views.js';
import { GatewayTrials } from './gateway-trials.commands.js';
import { GatewayChangeForm, GatewayForm } from './gateways.forms.js';

const FORM = 'messaging/gateway-new';
const VIEW = 'messaging/gateway';
const urlOf = (code: string): string => `/sms/gateways/${encodeURIComponent(code)}`;
const hereOf = ({ request }: FastifyReply): string => `${request.protocol}://${request.host}`;

/** The ways out, for administrators (SMS-4). */
@ApiExcludeController()
@Roles()
@Controller('sms/gateways')
export class GatewaysPagesController {
  constructor(
    private readonly commands: GatewaysCommands,
    private readonly gateways: GatewaysQueries,
    private readonly pages: GatewayPages,
    private readonly trials: GatewayTrials,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@Res() reply: FastifyReply): Promise<void> {
    await reply.view('messaging/gateways', await this.pages.list());
  }

  @Get('new')
  async blank(@Query('kind') kind: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(FORM, await this.pages.blank(kind, { callbackUrl: hereOf(reply) }));
  }

  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: FORM, context: () => this.pages.blank(body.kind) }, async () => {
      const { code } = await this.commands.create(user, await readForm(GatewayForm, formFields(body.kind, body)), hereOf(reply));
      flash(reply.request, 'gateways.created', { code });
      return urlOf(code);
    });
  }

  @Get(':code')
  async show(@Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.pages.show(code));
  }

  @Post(':code')
  async change(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.pages.show(code) }, async () => {
      const { kind, settings } = await this.gateways.account(code);
      await this.commands.change(user, code, await readForm(GatewayChangeForm, formFields(kind, body, settings)), hereOf(reply));
      flash(reply.request, 'gateways.saved', { code });
      return urlOf(code);
    });
  }

  @Post(':code/activate')
  activate(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    return this.switch(user, reply, code, true);
  }

  @Post(':code/deactivate')
  deactivate(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    return this.switch(user, reply, code, false);
  }

  /** Not a form that comes back: its number stands beside the settings, which keep their own values. */
  @Post(':code/test')
  async test(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    const refused = await this.trials.send(user, code, body.phone ?? '').catch(trialFault);
    if (refused instanceof DomainError) {
      const trialFault = { key: `error.${refused.code}`, params: refused.params };
      return reply.view(VIEW, { ...(await this.pages.show(code)), trialPhone: body.phone, trialFault }, { status: 422 });
    }
    flash(reply.request, 'gateways.tested', { code });
    redirectTo(reply, urlOf(code));
  }

  private async switch(user: CurrentUser, reply: FastifyReply, code: string, active: boolean): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.pages.show(code) }, async () => {
      await this.commands.switch(user, code, active);
      flash(reply.request, active ? 'gateways.activated' : 'gateways.deactivated', { code });
      return urlOf(code);
    });
  }
}

function trialFault(error: unknown): DomainError {
  if (error instanceof DomainError && error.status !== 404) return error;
  throw error;
}
