import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { mayChange } from '../setup/setup-page.queries.js';
import { HealthRulesCommands } from './health-rules.commands.js';
import { HealthRulesQueries } from './health-rules.queries.js';
import { healthGroups, healthHistory, healthSettingsTyped, type Typed } from './health-rules.views.js';

const HOME = '/retention/setup/health';
const VIEW = 'retention/health-rules';
/** One more is read: the oldest is there to be compared with. */
const VERSIONS_SHOWN = 20;

/** The thresholds of the health tiers, the same in the whole house: what they are, who changed them (CUS-5). */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('retention/setup/health')
export class HealthRulesPagesController {
  constructor(
    private readonly rules: HealthRulesQueries,
    private readonly commands: HealthRulesCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user));
  }

  @Roles('planner')
  @Post()
  async save(@CurrentUser() user: CurrentUser, @Body() body: Typed, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, body) }, async () => {
      const changed = await this.commands.set(user, Number(body.version), healthSettingsTyped(body));
      flash(reply.request, changed ? 'retention.health_rule.saved' : 'retention.setup.unchanged');
      return HOME;
    });
  }

  private async page(user: CurrentUser, typed?: Typed): Promise<object> {
    const [{ version, settings }, versions] = await Promise.all([this.rules.current(), this.rules.versions(VERSIONS_SHOWN + 1)]);
    return { mayChange: mayChange(user), version, groups: healthGroups(settings, typed), history: healthHistory(versions) };
  }
}
