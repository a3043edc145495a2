import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { LimitsCommands } from './limits.commands.js';
import { LimitsQueries } from './limits.queries.js';
import { LimitForm } from './tickets.forms.js';

const VIEW = 'tickets/limits';

/** How much time a ticket has, by kind, tier and scope; each change is a version (TIC-2). */
@ApiExcludeController()
@Roles('supervisor')
@Controller('tickets/limits')
export class LimitsPagesController {
  constructor(
    private readonly limits: LimitsQueries,
    private readonly commands: LimitsCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page());
  }

  @Post()
  async change(@CurrentUser() user: CurrentUser, @Body() body: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(body) }, async () => {
      await this.commands.change(user, await readForm(LimitForm, body));
      flash(reply.request, 'tickets.limits.saved');
      return '/tickets/limits';
    });
  }

  /** @param typed a form that came back: its row keeps what was typed */
  private async page(typed?: Record<string, string>): Promise<object> {
    const [limits, versions] = await Promise.all([this.limits.current(), this.limits.versions()]);
    const isTyped = (rule: { kind: string; tier: string; scope: string }): boolean =>
      typed !== undefined && typed.kind === rule.kind && typed.tier === rule.tier && typed.scope === rule.scope;
    const { version, workFrom, workTo } = limits;
    return {
      ...{ version, workFrom, workTo },
      rules: limits.rules.map((rule, i) => ({
        ...rule,
        ...(isTyped(rule) ? { ...typed, faulty: true } : {}),
        row: i,
      })),
      versions: versions.filter(({ changed }) => changed.length > 0),
    };
  }
}
