import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CtiKeys, type MadeCtiKey } from './cti-keys.commands.js';
import { CtiKeyForm, RotateForm } from './cti.forms.js';

const VIEW = 'calls/cti-keys';
const HERE = '/admin/cti-keys';

/** Keys of switches, for administrators (SYS-3). */
@ApiExcludeController()
@Roles()
@Controller('admin/cti-keys')
export class CtiKeysPagesController {
  constructor(
    private readonly keys: CtiKeys,
    private readonly staff: StaffQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user));
  }

  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() body: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    await this.once(user, reply, async () => this.keys.create(user, await readForm(CtiKeyForm, body)));
  }

  @Post(':id/rotate')
  async rotate(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.once(user, reply, async () => this.keys.rotate(user, id, await readForm(RotateForm, body)));
  }

  @Post(':id/revoke')
  async revoke(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.keys.revoke(user, id);
    flash(reply.request, 'cti.revoked_note');
    redirectTo(reply, HERE);
  }

  /** Answers with the page itself: a redirect would have to keep the secret somewhere. */
  private async once(user: CurrentUser, reply: FastifyReply, make: () => Promise<MadeCtiKey>): Promise<void> {
    try {
      const made = await make();
      await reply.view(VIEW, { ...(await this.page(user)), made });
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 404) throw error;
      await this.forms.again(reply, { view: VIEW, context: () => this.page(user) }, error);
    }
  }

  private async page(user: CurrentUser): Promise<object> {
    const [keys, units] = await Promise.all([this.keys.all(user), this.staff.orgUnits(user)]);
    return {
      keys: keys.map((key) => ({ ...key, state: key.revokedAt ? 'revoked' : !key.living ? 'ended' : key.endsAt ? 'ending' : 'active' })),
      units,
    };
  }
}
