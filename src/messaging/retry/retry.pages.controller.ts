import { Controller, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastPagesQueries } from '../blasts/blast-pages.queries.js';
import { RetryCommands } from './retry.commands.js';

@ApiExcludeController()
@Roles('planner')
@Controller('sms/blasts/:code/retry')
export class RetryPagesController {
  constructor(
    private readonly commands: RetryCommands,
    private readonly pages: BlastPagesQueries,
    private readonly forms: Forms,
  ) {}

  @Post()
  async retry(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/blast', context: () => this.pages.show(user, code) }, async () => {
      const draft = await this.commands.retry(user, code);
      flash(reply.request, 'sms.retry.made', { name: draft.name });
      return `/sms/blasts/${draft.code}`;
    });
  }
}
