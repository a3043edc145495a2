import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles, TokenScopes } from '../../platform/http/access.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ProtectionForm, ProtectionReleaseForm, ReservationForm, TouchForm } from './foreign.forms.js';
import { refusalView, verdictView } from './foreign.views.js';
import { DecisionsQueries } from '../ledger/decisions.queries.js';
import { ForeignTouchesCommands } from './foreign-touches.commands.js';
import { ProtectionsCommands } from './protections.commands.js';

/** For robots, shops and other centres: ask, report, give back (GOV-8). */
@Roles('planner', 'supervisor')
@TokenScopes('contact')
@Controller('api/v1/contact')
export class ForeignApiController {
  constructor(
    private readonly foreign: ForeignTouchesCommands,
    private readonly protections: ProtectionsCommands,
    private readonly decisions: DecisionsQueries,
    private readonly catalogue: Catalogue,
  ) {}

  /** 201 with the reservation, or 409 with the first reason, all of them, who was first and until when that lasts. */
  @Post('reservations')
  async reserve(@Body() form: ReservationForm, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const user = request.viewer as CurrentUser;
    const verdict = await this.foreign.reserve(user, form);
    if (verdict.allowed) return verdictView(verdict);
    void reply.code(409);
    const message = this.catalogue.t(request.locale, `contact.refusal.${verdict.reasons[0] ?? 'blocked'}`);
    return refusalView(verdict, await this.decisions.winners(user, form), { message, requestId: String(request.id) });
  }

  @HttpCode(200)
  @Post('reservations/:id/release')
  async giveBack(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return this.foreign.release(user, id);
  }

  @Post('protections')
  async protect(@Body() form: ProtectionForm, @CurrentUser() user: CurrentUser): Promise<object> {
    await this.protections.protect(user, form);
    return { kind: form.kind, ref: form.ref, state: 'open' };
  }

  @HttpCode(200)
  @Post('protections/release')
  async release(@Body() form: ProtectionReleaseForm, @CurrentUser() user: CurrentUser): Promise<object> {
    await this.protections.release(user, form);
    return { kind: form.kind, ref: form.ref, state: 'over' };
  }

  @Post('touches')
  async report(@Body() form: TouchForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return this.foreign.report(user, form);
  }
}
