import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { AnswerNotKept } from '../../platform/http/idempotency.interceptor.js';
import { type KeyUse, SealingQueries } from '../../platform/sealing/sealing.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { IdCardCommands } from './id-card.commands.js';
import { IdCardForm, IdCardRevealForm } from './id-card.forms.js';
import { type IdCardShown, IdCardQueries } from './id-card.queries.js';

/** The ID-card number of a customer: taken and shown masked; in clear only as the answer to a reason (CUS-2, SYS-2). */
@Roles('manager', 'planner', 'supervisor')
@ApiTags('customers')
@ApiBearerAuth()
@Controller('api/v1/customers')
export class IdCardApiController {
  constructor(
    private readonly commands: IdCardCommands,
    private readonly queries: IdCardQueries,
    private readonly sealing: SealingQueries,
  ) {}

  @Put(':id/id-card')
  async set(@Param('id') id: string, @Body() form: IdCardForm, @CurrentUser() user: CurrentUser): Promise<IdCardShown> {
    await this.commands.set(user, id, form.number);
    return this.queries.shown(id);
  }

  /** Each look stands in the audit log; the answer is kept nowhere, so an Idempotency-Key means nothing here. */
  @Post(':id/id-card/reveal')
  @HttpCode(200)
  @AnswerNotKept()
  async reveal(@Param('id') id: string, @Body() form: IdCardRevealForm, @CurrentUser() user: CurrentUser): Promise<{ number: string }> {
    return { number: await this.commands.reveal(user, id, form.reason) };
  }

  /** Which keys seal how much, of all kinds of sealed texts: an old key may go when it seals nothing. Administrators only. */
  @Roles()
  @Get('settings/keys')
  keys(): Promise<KeyUse[]> {
    return this.sealing.keys();
  }
}
