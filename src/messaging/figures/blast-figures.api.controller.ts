import { Body, Controller, Get, HttpCode, Param, Patch, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { BlastFiguresQueries } from './blast-figures.queries.js';
import { outcomeAnswer } from './blast-figures.views.js';
import { BlastRuleCommands } from './blast-rule.commands.js';
import { BlastRuleForm, PartPriceForm } from './blast-rule.forms.js';
import { BlastRuleQueries } from './blast-rule.queries.js';

@ApiTags('sms')
@ApiBearerAuth()
@Controller('api/v1/sms')
export class BlastFiguresApiController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly figures: BlastFiguresQueries,
    private readonly rules: BlastRuleQueries,
    private readonly commands: BlastRuleCommands,
  ) {}

  /** What the blast brought: hand-over, latency, parts and cost (in yuan), opt-outs, complaints, and the orders that followed against those left alone. */
  @Roles('planner', 'supervisor', 'client')
  @Get('blasts/:code/figures')
  async outcome(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<object> {
    const blast = await this.blasts.byCode(user, code);
    return outcomeAnswer(blast, await this.figures.outcome(blast.id));
  }

  /** The windows of the figures, the limits that stop a blast, and above how many recipients a second person is asked. */
  @Roles('planner', 'supervisor')
  @Get('blast-rule')
  rule(): Promise<object> {
    return this.rules.current();
  }

  @Roles()
  @Put('blast-rule')
  async setRule(@CurrentUser() user: CurrentUser, @Body() form: BlastRuleForm): Promise<object> {
    await this.commands.set(user, { ...form });
    return this.rules.current();
  }

  /** What a part costs on a gateway, in yuan, and whether it bills what it took or what arrived. */
  @Roles()
  @HttpCode(200)
  @Patch('gateways/:gateway/price')
  async price(@CurrentUser() user: CurrentUser, @Param('gateway') gateway: string, @Body() form: PartPriceForm): Promise<object> {
    await this.commands.price(user, gateway, form);
    return { code: gateway, ...form };
  }
}
