import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { TicketPage } from './ticket-page.queries.js';
import { TicketSteps } from './ticket-steps.commands.js';
import { TicketsCommands } from './tickets.commands.js';
import { TicketForm, TicketListForm, TicketStep } from './tickets.forms.js';
import { TicketsQueries } from './tickets.queries.js';

type Posted = Record<string, string>;
const NEW = 'tickets/new';
const ONE = 'tickets/show';

/** The countdown list, one ticket with what can be done, a new one by hand (TIC-1 to TIC-4). */
@ApiExcludeController()
@Roles('manager', 'supervisor')
@Controller('tickets')
export class TicketsPagesController {
  constructor(
    private readonly page: TicketPage,
    private readonly queries: TicketsQueries,
    private readonly commands: TicketsCommands,
    private readonly steps: TicketSteps,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() form: TicketListForm, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('tickets/list', await this.page.list(user, form));
  }

  @Get('new')
  async blank(@CurrentUser() user: CurrentUser, @Query('customer') customer: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(NEW, await this.page.blank(user, customer || undefined));
  }

  @Post()
  async open(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: NEW, context: () => this.page.blank(user, body.customer || undefined) }, async () => {
      const { no } = await this.commands.open(user, await readForm(TicketForm, body)).catch(unknownCustomer);
      flash(reply.request, 'tickets.opened', { no });
      return `/tickets/${no}`;
    });
  }

  @Get(':no')
  async show(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, await this.page.one(user, no));
  }

  @Post(':no/steps')
  async step(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.page.one(user, no) }, async () => {
      const form = await readForm(TicketStep, body);
      await this.steps.step(user, no, form);
      flash(reply.request, `tickets.done.${form.deed}`, { no });
      if (body.back) return backTo(body.back, no);
      return (await this.queries.sees(user, no)) ? `/tickets/${no}` : '/tickets';
    });
  }
}

/** The list a deed was done from, and no other address: at the line it stood on. */
function backTo(back: string, no: string): string {
  const [path, query] = back.split('?');
  return path === '/tickets' ? `/tickets?${new URLSearchParams([...new URLSearchParams(query), ['at', no]]).toString()}` : `/tickets/${no}`;
}

/** A number nobody has, or somebody of another unit: said at its box, and what was typed stays. */
function unknownCustomer(error: unknown): never {
  if (error instanceof DomainError && error.status === 404) throw new DomainError('ticket_customer_unknown', { param: 'phone' });
  throw error;
}
