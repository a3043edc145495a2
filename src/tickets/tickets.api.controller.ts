import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../kernel/cursor.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { LimitsCommands } from './limits.commands.js';
import { LimitsQueries } from './limits.queries.js';
import { TicketSteps } from './ticket-steps.commands.js';
import { TicketsCommands } from './tickets.commands.js';
import { LimitForm, TicketForm, TicketListForm, TicketStep } from './tickets.forms.js';
import { TicketsQueries } from './tickets.queries.js';
import type { Limits, TicketEntry } from './tickets.types.js';
import { type TicketItem, ticketItem } from './tickets.views.js';

@ApiTags('tickets')
@ApiBearerAuth()
@Roles('manager', 'supervisor')
@Controller('api/v1/tickets')
export class TicketsApiController {
  constructor(
    private readonly queries: TicketsQueries,
    private readonly commands: TicketsCommands,
    private readonly steps: TicketSteps,
    private readonly limits: LimitsQueries,
    private readonly limitChanges: LimitsCommands,
  ) {}

  /** The one that runs out first comes first. */
  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() form: TicketListForm): Promise<Page<TicketItem>> {
    const page = await this.queries.list(user, form);
    return { ...page, items: page.items.map((row) => ticketItem(row, user)) };
  }

  @Post()
  async open(@CurrentUser() user: CurrentUser, @Body() form: TicketForm): Promise<TicketItem> {
    return ticketItem(await this.commands.open(user, form), user);
  }

  /** The time limits in force (TIC-2). */
  @Get('limits')
  currentLimits(): Promise<Limits> {
    return this.limits.current();
  }

  /** Sets one limit; a stale `version` is 409. */
  @Roles('supervisor')
  @Put('limits')
  setLimit(@CurrentUser() user: CurrentUser, @Body() form: LimitForm): Promise<Limits> {
    return this.limitChanges.change(user, form);
  }

  @Get(':no')
  async one(@CurrentUser() user: CurrentUser, @Param('no') no: string): Promise<TicketItem & { history: TicketEntry[] }> {
    const ticket = await this.queries.byNo(user, no);
    return { ...ticketItem(ticket, user), history: await this.queries.history(ticket.id) };
  }

  /** Take, assign, transfer, answer, wait, resume, solve, close, reopen, urge, merge (TIC-3). */
  @HttpCode(200)
  @Post(':no/steps')
  async step(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Body() form: TicketStep): Promise<TicketItem> {
    return ticketItem(await this.steps.step(user, no, form), user);
  }
}
