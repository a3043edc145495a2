import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { Roles } from '../platform/http/access.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { CurrentUser } from '../staff/staff.types.js';
import { BlocksCommands } from './blocks.commands.js';
import { BlockForm, DecisionsQuery, LiftForm, ReservationForm, TouchForm } from './contact.forms.js';
import { ContactQueries } from './contact.queries.js';
import type { Channel, Purpose } from './contact.types.js';
import { blockView, numberFor, refusalView, touchView, verdictView } from './contact.views.js';
import { DecisionsQueries } from './decisions.queries.js';
import { ForeignTouchesCommands } from './foreign-touches.commands.js';
import { requireNumber } from './number.policy.js';

const PAGE = 50;

@Roles('planner', 'supervisor')
@Controller('api/v1/contact')
export class ContactApiController {
  constructor(
    private readonly blocks: BlocksCommands,
    private readonly foreign: ForeignTouchesCommands,
    private readonly decisions: DecisionsQueries,
    private readonly contact: ContactQueries,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Post('blocks')
  async block(@Body() form: BlockForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blockView(await this.blocks.add(user, form));
  }

  @Delete('blocks/:id')
  @HttpCode(200)
  async lift(@Param('id') id: string, @Body() form: LiftForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blockView(await this.blocks.lift(user, id, form));
  }

  /** What would be said now (by default of marketing, the strictest), and the ledger, newest first. */
  @Roles('manager', 'planner', 'supervisor')
  @Get('decisions')
  async list(@Query() query: DecisionsQuery, @CurrentUser() user: CurrentUser): Promise<object> {
    const number = requireNumber(query.phone);
    await this.decisions.subject(user, number);
    const purpose = query.purpose ?? 'marketing';
    const page = await this.contact.decisions(number, query.limit ?? PAGE, query.cursor);
    const now = { call: await this.now(number, 'call', purpose), sms: await this.now(number, 'sms', purpose) };
    return { phone: numberFor(user, number), purpose, now, items: page.items.map(touchView), nextCursor: page.nextCursor };
  }

  /** 201 with the reservation, or 409 with the first reason, all of them and until when that lasts. */
  @Post('reservations')
  async reserve(@Body() form: ReservationForm, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const verdict = await this.foreign.reserve(request.viewer as CurrentUser, form);
    if (verdict.allowed) return verdictView(verdict);
    void reply.code(409);
    const message = this.catalogue.t(request.locale, `contact.refusal.${verdict.reasons[0] ?? 'blocked'}`);
    return refusalView(verdict, message, String(request.id));
  }

  @Post('touches')
  async report(@Body() form: TouchForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return this.foreign.report(user, form);
  }

  private async now(number: string, channel: Channel, purpose: Purpose): Promise<object> {
    const { decision } = await this.decisions.explain(number, { channel, purpose, at: this.clock.now() });
    return decision;
  }
}
