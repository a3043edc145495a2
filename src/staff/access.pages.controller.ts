import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash, redirectTo } from '../platform/http/pages.js';
import { StaffCommands } from './staff.commands.js';
import { TokenForm } from './staff.forms.js';
import { StaffQueries } from './staff.queries.js';
import { CurrentUser, ROLES, TOKEN_SCOPES } from './staff.types.js';

/** Tokens, for administrators. */
@Roles()
@Controller('admin')
export class AccessPagesController {
  constructor(
    private readonly commands: StaffCommands,
    private readonly queries: StaffQueries,
    private readonly forms: Forms,
  ) {}

  @Get('tokens')
  async tokens(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('staff/tokens', await this.tokensPage(user));
  }

  /** Answers with the page itself: a redirect would have to keep the token somewhere. */
  @Post('tokens')
  async createToken(@Body() body: Record<string, string>, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    try {
      const made = await this.commands.createToken(user, await readForm(TokenForm, body.scope ? body : { ...body, scope: undefined }));
      await reply.view('staff/tokens', { ...(await this.tokensPage(user)), made });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: 'staff/tokens', context: () => this.tokensPage(user) }, error);
    }
  }

  /** The question before it: whatever uses the token stands still at once, and nothing brings it back. */
  @Get('tokens/:id/revoke')
  async askRevoke(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('staff/token-revoke', { token: await this.queries.token(user, id) });
  }

  @Post('tokens/:id/revoke')
  async revokeToken(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.commands.revokeToken(user, id);
    flash(reply.request, 'tokens.revoked_note');
    redirectTo(reply, '/admin/tokens');
  }

  private async tokensPage(user: CurrentUser): Promise<object> {
    const [tokens, units] = await Promise.all([this.queries.tokens(user), this.queries.orgUnits(user)]);
    return { tokens, units, roles: ROLES, scopes: TOKEN_SCOPES };
  }
}
