import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { WordingRulesCommands } from './wording-rules.commands.js';
import { ForbiddenWordForm, OptOutForm } from './wording-rules.forms.js';
import { WordingRulesQueries } from './wording-rules.queries.js';

@ApiTags('sms')
@ApiBearerAuth()
@Roles()
@Controller('api/v1/sms')
export class WordingRulesApiController {
  constructor(
    private readonly queries: WordingRulesQueries,
    private readonly commands: WordingRulesCommands,
  ) {}

  /** What is said after the texts of each purpose, and the words and characters that none may hold. */
  @Roles('planner', 'supervisor')
  @Get('wording-rules')
  async rules(): Promise<object> {
    const [optOuts, words] = await Promise.all([this.queries.optOuts(), this.queries.words()]);
    return { optOuts, words };
  }

  @Put('wording-rules/opt-out')
  async optOut(@CurrentUser() user: CurrentUser, @Body() form: OptOutForm): Promise<object> {
    await this.commands.setOptOut(user, form);
    return { optOuts: await this.queries.optOuts() };
  }

  @Post('forbidden-words')
  async forbid(@CurrentUser() user: CurrentUser, @Body() form: ForbiddenWordForm): Promise<object> {
    await this.commands.forbid(user, form);
    return { words: await this.queries.words() };
  }

  @HttpCode(200)
  @Delete('forbidden-words/:word')
  async allow(@CurrentUser() user: CurrentUser, @Param('word') id: string): Promise<object> {
    await this.commands.allow(user, id);
    return { words: await this.queries.words() };
  }
}
