import { Body, Controller, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { OutcomesQueries } from './outcomes.queries.js';
import type { KeptOutcome, KeptReason } from './outcomes.types.js';
import { OutcomeReasonSettings } from './outcome-reasons.commands.js';
import { MoveForm, OutcomeChangeForm, OutcomeForm, ReasonChangeForm, SecondLevelReasonForm } from './outcome-setting.forms.js';
import { OutcomeSettings } from './outcome-settings.commands.js';

/** For administrators: what a call may end with. `GET /outcomes` lists it for everybody. */
@Roles()
@ApiTags('calls')
@ApiBearerAuth()
@Controller('api/v1')
export class OutcomeSettingsApiController {
  constructor(
    private readonly outcomes: OutcomesQueries,
    private readonly settings: OutcomeSettings,
    private readonly reasonSettings: OutcomeReasonSettings,
  ) {}

  @Post('outcomes')
  async add(@CurrentUser() user: CurrentUser, @Body() form: OutcomeForm): Promise<KeptOutcome> {
    await this.settings.add(user, form);
    return this.outcomes.byCode(form.code);
  }

  @Patch('outcomes/:outcome')
  async change(@CurrentUser() user: CurrentUser, @Param('outcome') code: string, @Body() form: OutcomeChangeForm): Promise<KeptOutcome> {
    await this.settings.change(user, code, form);
    return this.outcomes.byCode(code);
  }

  @HttpCode(200)
  @Post('outcomes/:outcome/retire')
  async retire(@CurrentUser() user: CurrentUser, @Param('outcome') code: string): Promise<KeptOutcome> {
    await this.settings.retire(user, code);
    return this.outcomes.byCode(code);
  }

  @HttpCode(200)
  @Post('outcomes/:outcome/restore')
  async restore(@CurrentUser() user: CurrentUser, @Param('outcome') code: string): Promise<KeptOutcome> {
    await this.settings.restore(user, code);
    return this.outcomes.byCode(code);
  }

  @HttpCode(200)
  @Post('outcomes/:outcome/move')
  async move(@CurrentUser() user: CurrentUser, @Param('outcome') code: string, @Body() form: MoveForm): Promise<KeptOutcome> {
    await this.settings.move(user, code, form.direction);
    return this.outcomes.byCode(code);
  }

  @Post('outcome-reasons')
  async addReason(@CurrentUser() user: CurrentUser, @Body() form: SecondLevelReasonForm): Promise<KeptReason> {
    await this.reasonSettings.add(user, form);
    return this.reason(form.code);
  }

  @Patch('outcome-reasons/:reason')
  async changeReason(@CurrentUser() user: CurrentUser, @Param('reason') code: string, @Body() form: ReasonChangeForm): Promise<KeptReason> {
    await this.reasonSettings.change(user, code, form);
    return this.reason(code);
  }

  @HttpCode(200)
  @Post('outcome-reasons/:reason/retire')
  async retireReason(@CurrentUser() user: CurrentUser, @Param('reason') code: string): Promise<KeptReason> {
    await this.reasonSettings.offer(user, code, false);
    return this.reason(code);
  }

  @HttpCode(200)
  @Post('outcome-reasons/:reason/restore')
  async restoreReason(@CurrentUser() user: CurrentUser, @Param('reason') code: string): Promise<KeptReason> {
    await this.reasonSettings.offer(user, code, true);
    return this.reason(code);
  }

  private async reason(code: string): Promise<KeptReason> {
    const found = (await this.outcomes.allReasons()).find((reason) => reason.code === code);
    if (!found) throw notFound('outcome_reason', code);
    return found;
  }
}
