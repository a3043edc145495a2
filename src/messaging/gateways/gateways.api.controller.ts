import { Body, Controller, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { gatewayAnswer } from '../messaging.views.js';
import { GatewaysCommands } from './gateways.commands.js';
import { GatewayChangeForm, GatewayForm } from './gateways.forms.js';
import { GatewaysQueries } from './gateways.queries.js';
import { GatewayLines } from './session/gateway-lines.commands.js';

@Roles()
@Controller('api/v1/sms/gateways')
export class GatewaysApiController {
  constructor(
    private readonly commands: GatewaysCommands,
    private readonly queries: GatewaysQueries,
    private readonly lines: GatewayLines,
  ) {}

  @Roles('planner')
  @Get()
  async list(): Promise<object> {
    const lines = await this.lines.all();
    return { items: (await this.queries.list()).map((account) => gatewayAnswer(account, lines)), nextCursor: null };
  }

  @Roles('planner')
  @Post()
  async create(@Body() form: GatewayForm, @CurrentUser() user: CurrentUser, @Req() { protocol, host }: FastifyRequest): Promise<object> {
    return gatewayAnswer(await this.commands.create(user, form, `${protocol}://${host}`));
  }

  /** Some of it; what is left out stays as it is. */
  @Patch(':code')
  async change(
    @Param('code') code: string,
    @Body() form: GatewayChangeForm,
    @CurrentUser() user: CurrentUser,
    @Req() { protocol, host }: FastifyRequest,
  ): Promise<object> {
    return gatewayAnswer(await this.commands.changeSome(user, code, form, `${protocol}://${host}`));
  }

  @Post(':code/activate')
  @HttpCode(200)
  async activate(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return gatewayAnswer(await this.commands.switch(user, code, true));
  }

  /** Nothing more is handed over to it; what it says of earlier messages still counts. */
  @Post(':code/deactivate')
  @HttpCode(200)
  async deactivate(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return gatewayAnswer(await this.commands.switch(user, code, false));
  }
}
