import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { PromisesCommands } from './promises.commands.js';
import { HandOverPromiseForm, KeepPromiseForm, PromiseListForm } from './promises.forms.js';
import { type PromiseItem, PromisesQueries } from './promises.queries.js';

@ApiTags('promises')
@ApiBearerAuth()
@Roles('manager', 'supervisor')
@Controller('api/v1/promises')
export class PromisesApiController {
  constructor(
    private readonly promises: PromisesQueries,
    private readonly commands: PromisesCommands,
  ) {}

  /** What was promised on calls: a manager's own, a supervisor's units. */
  @Get()
  list(@CurrentUser() user: CurrentUser, @Query() form: PromiseListForm): Promise<Page<PromiseItem>> {
    return this.promises.page(user, form);
  }

  /** Notes it as kept; after its day it stays broken. */
  @HttpCode(200)
  @Post(':id/keep')
  keep(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: KeepPromiseForm): Promise<PromiseItem> {
    return this.commands.keep(user, id, form);
  }

  /** Gives it to somebody else; the answer is the promise that goes on. */
  @Roles('supervisor')
  @HttpCode(200)
  @Post(':id/hand-over')
  handOver(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: HandOverPromiseForm): Promise<PromiseItem> {
    return this.commands.handOver(user, id, form);
  }
}
