import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastPagesQueries } from '../blasts/blast-pages.queries.js';
import { isOwn } from '../home-unit.js';
import { TestNumbersCommands } from './test-numbers.commands.js';
import { TestNumbersQueries } from './test-numbers.queries.js';
import { TestSends } from './test-sends.commands.js';
import { TestNumberForm, TestSendForm } from './tests.forms.js';

type Posted = Record<string, unknown>;
const VIEW = 'messaging/test-numbers';
const URL = '/sms/test-numbers';

/** Tests of a draft, and the numbers they may go to. */
@ApiExcludeController()
@Roles('planner')
@Controller('sms')
export class TestsPagesController {
  constructor(
    private readonly pages: BlastPagesQueries,
    private readonly sends: TestSends,
    private readonly numbers: TestNumbersQueries,
    private readonly commands: TestNumbersCommands,
    private readonly forms: Forms,
  ) {}

  @Post('blasts/:code/tests')
  async send(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/blast', context: () => this.pages.show(user, code) }, async () => {
      const { sent, refused } = await this.sends.send(user, code, await readForm(TestSendForm, body));
      flash(reply.request, sent === 0 ? 'sms.test.again' : refused.length > 0 ? 'sms.test.some' : 'sms.test.sent', {
        count: sent,
        refused: refused.length,
      });
      return `/sms/blasts/${code}`;
    });
  }

  @Roles('planner', 'supervisor')
  @Get('test-numbers')
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user));
  }

  @Post('test-numbers')
  async add(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user) }, async () => {
      await this.commands.add(user, await readForm(TestNumberForm, body));
      flash(reply.request, 'sms.test.number_added');
      return URL;
    });
  }

  @Post('test-numbers/:number/remove')
  async remove(@CurrentUser() user: CurrentUser, @Param('number') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user) }, async () => {
      await this.commands.remove(user, id);
      flash(reply.request, 'sms.test.number_removed');
      return URL;
    });
  }

  private async page(user: CurrentUser): Promise<object> {
    const rows = await this.numbers.list(user);
    const mayAdd = ['planner', 'admin'].includes(user.role);
    return { rows: rows.map((row) => ({ ...row, mine: mayAdd && isOwn(user, row) })), mayAdd, ownName: user.name };
  }
}
