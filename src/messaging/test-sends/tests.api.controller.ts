import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { TestNumbersCommands } from './test-numbers.commands.js';
import { TestNumbersQueries } from './test-numbers.queries.js';
import { TestSends } from './test-sends.commands.js';
import { type TestRow, TestSendsQueries } from './test-sends.queries.js';
import { TestNumberForm, TestSendForm } from './tests.forms.js';

const rowAnswer = ({ number, label, state, networkCode, body, parts, templateVersion, gateway, by, at }: TestRow): object => ({
  test: true,
  phone: number,
  label,
  state,
  networkCode,
  text: body,
  parts,
  templateVersion,
  gateway,
  by,
  at,
});

@ApiTags('sms')
@ApiBearerAuth()
@Roles('planner')
@Controller('api/v1/sms')
export class TestsApiController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly sends: TestSends,
    private readonly queries: TestSendsQueries,
    private readonly numbers: TestNumbersQueries,
    private readonly commands: TestNumbersCommands,
  ) {}

  /** The last tests of a blast: they stand in none of its figures. */
  @Roles('planner', 'supervisor')
  @Get('blasts/:code/tests')
  async list(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<object> {
    const rows = await this.queries.ofBlast((await this.blasts.byCode(user, code)).id);
    return { items: rows.map(rowAnswer), nextCursor: null };
  }

  /** A draft's text to numbers of the house's own. The same again within a minute, or with the same `press`, is not sent twice. */
  @HttpCode(200)
  @Post('blasts/:code/tests')
  async send(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: TestSendForm): Promise<object> {
    const answer = await this.sends.send(user, code, form);
    return { ...answer, ...(await this.list(user, code)) };
  }

  @Roles('planner', 'supervisor')
  @Get('test-numbers')
  async testNumbers(@CurrentUser() user: CurrentUser): Promise<object> {
    const rows = await this.numbers.list(user);
    return { items: rows.map(({ id, number, label, by, at }) => ({ id, phone: number, label, by, at })), nextCursor: null };
  }

  @Post('test-numbers')
  async add(@CurrentUser() user: CurrentUser, @Body() form: TestNumberForm): Promise<object> {
    await this.commands.add(user, form);
    return this.testNumbers(user);
  }

  @HttpCode(200)
  @Delete('test-numbers/:number')
  async remove(@CurrentUser() user: CurrentUser, @Param('number') id: string): Promise<object> {
    await this.commands.remove(user, id);
    return this.testNumbers(user);
  }
}
