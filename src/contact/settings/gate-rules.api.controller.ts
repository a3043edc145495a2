import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { RuleSettingsForm } from './gate-rules.forms.js';
import { rulesJson } from './gate-rules.views.js';
import { GateSettingsCommands } from './gate-settings.commands.js';
import { GateSettingsQueries } from './gate-settings.queries.js';

@Roles('planner', 'supervisor')
@Controller('api/v1/contact/rules')
export class GateRulesApiController {
  constructor(
    private readonly queries: GateSettingsQueries,
    private readonly commands: GateSettingsCommands,
  ) {}

  @Get()
  async list(): Promise<object> {
    const [{ settings, version }, history] = await Promise.all([this.queries.current(), this.queries.history()]);
    return { version, items: rulesJson(settings), history };
  }

  /** Takes the version that was read; settings left out stay. */
  @Roles('planner')
  @Put(':reason')
  async change(@Param('reason') reason: string, @Body() form: RuleSettingsForm, @CurrentUser() user: CurrentUser): Promise<object> {
    await this.commands.change(user, reason, form);
    return this.list();
  }
}
