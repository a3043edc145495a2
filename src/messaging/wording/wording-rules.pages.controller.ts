import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { MESSAGE_PURPOSES } from '../messaging.types.js';
import { wordShown } from './forbidden.policy.js';
import { WordingRulesCommands } from './wording-rules.commands.js';
import { ForbiddenWordForm, OptOutForm } from './wording-rules.forms.js';
import { WordingRulesQueries } from './wording-rules.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'messaging/wording-rules';
const URL = '/sms/wording';

/** Opt-out texts and forbidden words. Planners read them, administrators decide. */
@ApiExcludeController()
@Roles()
@Controller('sms/wording')
export class WordingRulesPagesController {
  constructor(
    private readonly queries: WordingRulesQueries,
    private readonly commands: WordingRulesCommands,
    private readonly forms: Forms,
  ) {}

  @Roles('planner', 'supervisor')
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user));
  }

  @Post('opt-out')
  async optOut(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.page(user)), faultAt: body.purpose }) }, async () => {
      const changed = await this.commands.setOptOut(user, await readForm(OptOutForm, body));
      flash(reply.request, changed ? 'sms.wording.saved' : 'sms.settings.unchanged');
      return URL;
    });
  }

  @Post('words')
  async forbid(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const chosen = [body.purposes ?? []].flat();
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.page(user)), chosen }) }, async () => {
      const form = await readForm(ForbiddenWordForm, body);
      await this.commands.forbid(user, form);
      flash(reply.request, 'sms.wording.forbidden', { word: form.word });
      return URL;
    });
  }

  @Post('words/:word/allow')
  async allow(@CurrentUser() user: CurrentUser, @Param('word') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user) }, async () => {
      await this.commands.allow(user, id);
      flash(reply.request, 'sms.wording.allowed');
      return URL;
    });
  }

  private async page(user: CurrentUser): Promise<object> {
    const [optOuts, words] = await Promise.all([this.queries.optOuts(), this.queries.words()]);
    return {
      optOuts,
      words: words.map((row) => ({ ...row, word: wordShown(row.word) })),
      purposes: MESSAGE_PURPOSES,
      chosen: [],
      maySet: user.role === 'admin',
    };
  }
}
