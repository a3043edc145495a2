import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomersQueries } from '../customers/customers.queries.js';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { isHtmx } from '../platform/http/request-kind.js';
import { CurrentUser } from '../staff/staff.types.js';
import { type Explanation, ExplanationsQueries } from './explanations.queries.js';

/** What is next with a customer, and why the other rules stay silent: a panel of the 360 page, and a page of its own without JavaScript. */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/planned')
export class PlannedPagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly explanations: ExplanationsQueries,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const customer = await this.customers.facts(user, id);
    const told = await this.explanations.decisions(customer, { date: dayOf(this.clock.now()), locale: reply.request.locale });
    const context = { id, name: customer.name, next: told.filter(comes).sort(bySoonest), silent: told.filter((one) => !comes(one)) };
    if (isHtmx(reply.request)) await reply.view('care/_planned', context, { layout: false });
    else await reply.view('care/planned', context);
  }
}

const comes = ({ decision }: Explanation): boolean => decision === 'planned' || decision === 'already-planned';
const bySoonest = (a: Explanation, b: Explanation): number => (a.dueOn ?? '').localeCompare(b.dueOn ?? '');
