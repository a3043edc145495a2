import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastRuleCommands } from './blast-rule.commands.js';
import { BlastRuleForm, PartPriceForm } from './blast-rule.forms.js';
import { BlastRuleQueries } from './blast-rule.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'messaging/settings';
const URL = '/sms/settings';
const WINDOWS = [{ name: 'orderDays' }, { name: 'optOutDays' }, { name: 'complaintDays' }];
const LIMITS = [
  { name: 'optOutsMost', least: 0 },
  { name: 'complaintsMost', least: 0 },
  { name: 'guardFrom', least: 1 },
];
const ALERTS = [{ name: 'stallMinutes', least: 2 }];

/** What is decided for all blasts. Planners read it, administrators decide. */
@ApiExcludeController()
@Controller('sms/settings')
export class BlastSettingsPagesController {
  constructor(
    private readonly queries: BlastRuleQueries,
    private readonly commands: BlastRuleCommands,
    private readonly forms: Forms,
  ) {}

  @Roles('planner', 'supervisor')
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user));
  }

  @Roles()
  @Post()
  async save(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.page(user)), values: body }) }, async () => {
      const changed = await this.commands.set(user, { ...(await readForm(BlastRuleForm, body)) });
      flash(reply.request, changed ? 'sms.settings.saved' : 'sms.settings.unchanged');
      return URL;
    });
  }

  @Roles()
  @Post('gateways/:gateway/price')
  async price(@CurrentUser() user: CurrentUser, @Param('gateway') gateway: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.page(user)), priceOf: gateway }) }, async () => {
      await this.commands.price(user, gateway, await readForm(PartPriceForm, body));
      flash(reply.request, 'sms.settings.price_saved', { gateway });
      return URL;
    });
  }

  private async page(user: CurrentUser): Promise<object> {
    const [rule, prices, history] = await Promise.all([this.queries.current(), this.queries.prices(), this.queries.history()]);
    const gateways = prices.map((one) => ({ ...one, priceText: one.partPrice === null ? '' : String(one.partPrice / 1000) }));
    return { values: rule, windows: WINDOWS, limits: LIMITS, alerts: ALERTS, gateways, history, maySet: user.role === 'admin' };
  }
}
