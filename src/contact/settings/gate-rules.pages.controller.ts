import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { rulesView } from './gate-rules.views.js';
import { ruleOf } from './gate-setting.policy.js';
import { GateSettingsCommands } from './gate-settings.commands.js';
import { GateSettingsQueries } from './gate-settings.queries.js';

type Typed = Record<string, string>;

/** The rules of the gate: what each does, what it is set to, who set it. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('contact/rules')
export class GateRulesPagesController {
  constructor(
    private readonly queries: GateSettingsQueries,
    private readonly commands: GateSettingsCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('contact/rules', await this.page(user));
  }

  @Roles('planner')
  @Post(':reason')
  async save(@CurrentUser() user: CurrentUser, @Param('reason') reason: string, @Body() body: Typed, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'contact/rules', context: () => this.page(user, body) }, async () => {
      const fields = ruleOf(reason)?.settings ?? [];
      const settings = Object.fromEntries(fields.filter(({ path }) => body[path] !== undefined).map(({ path }) => [path, body[path]]));
      const changed = await this.commands.change(user, reason, { version: body.version ?? '', settings });
      flash(reply.request, changed === 0 ? 'contact.rules.unchanged' : 'contact.rules.saved', { changed: String(changed) });
      return '/contact/rules';
    });
  }

  private async page(user: CurrentUser, typed: Typed = {}): Promise<object> {
    const [{ settings, version }, history] = await Promise.all([this.queries.current(), this.queries.history()]);
    return { rules: rulesView(settings, user.role, typed), version, history };
  }
}
