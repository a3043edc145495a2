import { Body, Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../platform/http/access.js';
import { SessionCommands } from './session.commands.js';
import { LoginForm, PasswordForm } from '../staff.forms.js';
import { userView, type UserView } from '../staff.views.js';
import { CurrentUser } from '../staff.types.js';
import { StaffQueries } from '../staff.queries.js';

@Controller('api/v1/session')
export class SessionApiController {
  constructor(
    private readonly commands: SessionCommands,
    private readonly queries: StaffQueries,
  ) {}

  @Post()
  @Public()
  @HttpCode(200)
  @RouteConfig({ rateLimit: { max: 600, timeWindow: '1 minute' } })
  async open(@Body() form: LoginForm, @Req() request: FastifyRequest): Promise<{ token: string; user: UserView }> {
    const user = await this.commands.login(form.username, form.password, { requestId: String(request.id), ip: request.ip });
    const token = await this.commands.openBearer(user);
    return { token, user: userView(await this.queries.user(user, user.username)) };
  }

  @Post('password')
  @HttpCode(204)
  async changePassword(
    @Body() form: PasswordForm,
    @CurrentUser() user: CurrentUser,
    @Headers('authorization') authorization?: string,
  ): Promise<void> {
    await this.commands.changePassword(user, form, { token: authorization?.replace(/^Bearer\s+/i, '') });
  }
}
