import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash, redirectTo } from '../platform/http/pages.js';
import { OwnSessions } from './login/own-sessions.commands.js';
import { sessionView } from './login/own-sessions.views.js';
import { SessionCommands } from './login/session.commands.js';
import { PasswordForm } from './staff.forms.js';
import { CurrentUser } from './staff.types.js';

const VIEW = 'staff/account';

/** One's own account: who I am here, my password, where I am logged in, out. */
@Controller('account')
export class AccountPagesController {
  constructor(
    private readonly commands: SessionCommands,
    private readonly sessions: OwnSessions,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, request));
  }

  /** One of the other logins, by its key; all of them without. */
  @Post('sessions/end')
  async endSessions(
    @Body() body: Record<string, string>,
    @CurrentUser() user: CurrentUser,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const count = await this.sessions.end(user, request.session.sessionId, body.key === undefined ? undefined : String(body.key));
    flash(request, 'account.sessions_ended', { count });
    redirectTo(reply, '/account');
  }

  @Post('password')
  async changePassword(
    @Body() body: Record<string, string>,
    @CurrentUser() user: CurrentUser,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, request) }, async () => {
      await this.commands.changePassword(user, await readForm(PasswordForm, body), { sid: request.session.sessionId });
      flash(request, 'account.password_saved');
      return '/account';
    });
  }

  private async page(user: CurrentUser, request: FastifyRequest): Promise<object> {
    return { sessions: (await this.sessions.list(user, request.session.sessionId)).map(sessionView) };
  }
}
