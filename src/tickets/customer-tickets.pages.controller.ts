import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { isHtmx } from '../platform/http/request-kind.js';
import { CurrentUser } from '../staff/staff.types.js';
import { TicketPage } from './ticket-page.queries.js';

/** What a customer has open: a panel of the 360 page, and a page of its own without JavaScript. Planners read it, and open none. */
@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('customers/:id/tickets')
export class CustomerTicketsPagesController {
  constructor(private readonly page: TicketPage) {}

  @Get()
  async show(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const context = await this.page.ofCustomer(user, id);
    if (isHtmx(reply.request)) await reply.view('tickets/_customer', context, { layout: false });
    else await reply.view('tickets/customer', context);
  }
}
