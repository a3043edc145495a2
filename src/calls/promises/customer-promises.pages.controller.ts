import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Roles } from '../../platform/http/access.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { PromisesQueries } from './promises.queries.js';

/** What a customer still waits for: a panel of the 360 page, and a page of its own without JavaScript. What has ended stands in the timeline. */
@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('customers/:id/promises')
export class CustomerPromisesPagesController {
  constructor(
    private readonly promises: PromisesQueries,
    private readonly customers: CustomersQueries,
  ) {}

  @Get()
  async show(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const { name } = await this.customers.facts(user, id);
    const context = { id, name, rows: await this.promises.ofCustomer(user, id) };
    if (isHtmx(reply.request)) await reply.view('calls/_customer-promises', context, { layout: false });
    else await reply.view('calls/customer-promises', context);
  }
}
