import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { redirectTo } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { ticketNumber } from './ticket-number.policy.js';
import { TicketsQueries } from './tickets.queries.js';

/** The box at the top of every page: a ticket's number leads to the ticket, all else is looked for among the customers. */
@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('search')
export class SearchPagesController {
  constructor(private readonly tickets: TicketsQueries) {}

  @Get()
  async find(@CurrentUser() user: CurrentUser, @Query('q') typed: string | string[] | undefined, @Res() reply: FastifyReply): Promise<void> {
    const q = [typed ?? ''].flat().at(-1) ?? '';
    const no = user.role === 'planner' ? undefined : ticketNumber(q);
    const known = no !== undefined && (await this.tickets.sees(user, no));
    redirectTo(reply, known ? `/tickets/${no}` : `/customers?q=${encodeURIComponent(q)}`);
  }
}
