import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { SessionCommands } from './session.commands.js';
import { PasswordForm } from './staff.forms.js';
import { CurrentUser } from './staff.types.js';

/** One's own account: who I am here, my password, out. */
@Controller('account')
export class AccountPagesController {
  constructor(
    private readonly commands: SessionCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@Res() reply: FastifyReply): Promise<void> {
    await reply.view('staff/account');
  }

  @Post('password')
  async changePassword(
    @Body() body: Record<string, string>,
    @CurrentUser() user: CurrentUser,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: 'staff/account' }, async () => {
      await this.commands.changePassword(user, await readForm(PasswordForm, body), { sid: request.session.sessionId });
      flash(request, 'account.password_saved');
      return '/account';
    });
  }
}
