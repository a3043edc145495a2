import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { EntitlementQueries } from './entitlement.queries.js';
import { PartnerOffersCommands } from './partner-offers.commands.js';
import { PartnerUseForm } from './partner-offers.forms.js';
import { PartnerOffersQueries } from './partner-offers.queries.js';
import { entitledView } from './partner-offers.views.js';

const PAGE = 'care/customer-offers';
const DAYS_AHEAD = 30;
/** The form alone, as the call desk has it beside the script: what is typed of the call stays. */
const ON_DESK = 'care/_offer-use';
const isDesk = (at: unknown): boolean => at === 'desk';

/** What a customer may use of partners' offers, and did: a panel of the 360 page, and a page of its own without JavaScript (CAR-13). */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/partner-offers')
export class CustomerOffersPagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly entitlement: EntitlementQueries,
    private readonly queries: PartnerOffersQueries,
    private readonly commands: PartnerOffersCommands,
    private readonly forms: Forms,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Param('id') id: string, @Query('at') at: unknown, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const context = { ...(await this.page(user, id)), desk: isDesk(at) };
    if (isHtmx(reply.request)) await reply.view(isDesk(at) ? ON_DESK : 'care/_customer-offers', context, { layout: false });
    else await reply.view(PAGE, { ...context, alone: true });
  }

  @Post()
  async recordUse(
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { at, ...typed } = body;
    const context = async (): Promise<object> => ({ ...(await this.page(user, id)), alone: true, desk: isDesk(at) });
    const record = async (): Promise<object> => this.commands.recordUse(user, id, await readForm(PartnerUseForm, typed));
    if (isDesk(at) && isHtmx(reply.request)) return this.onDesk(reply, context, record);
    await this.forms.answer(reply, { view: PAGE, context }, async () => {
      await record();
      flash(reply.request, 'care.partner.use_recorded');
      return isDesk(at) ? '/desk' : `/customers/${id}/partner-offers`;
    });
  }

  /** Nothing of the desk but this form is drawn again. */
  private async onDesk(reply: FastifyReply, context: () => Promise<object>, record: () => Promise<object>): Promise<void> {
    try {
      await record();
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 404) throw error;
      return this.forms.again(reply, { view: PAGE, fragment: ON_DESK, context }, error);
    }
    await reply.view(ON_DESK, await context(), { layout: false });
  }

  private async page(user: CurrentUser, id: string): Promise<object> {
    const { name } = await this.customers.facts(user, id);
    const today = dayOf(this.clock.now());
    const [entitled, uses] = await Promise.all([this.entitlement.of([id], today, { to: addDays(today, DAYS_AHEAD) }), this.queries.usesBy(id)]);
    return { id, name, today, entitled: entitled.map(entitledView(today)), uses };
  }
}
