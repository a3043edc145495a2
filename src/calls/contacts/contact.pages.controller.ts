import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CONTACT_CHANNELS, ContactPageForm } from '../attempts/attempts.forms.js';
import { ContactsCommands } from './contacts.commands.js';
import { attemptOf, type Posted } from '../desk/desk-form.policy.js';
import { callbackChoices, labelOf, orderBox, outcomeKeys } from '../desk/desk.views.js';
import { PROMISE_KINDS } from '../promises/promise.states.js';
import { OrderTerms } from '../orders/order-terms.queries.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';

/** A contact that stood on no list: dialled ad hoc, a call that came in, a chat, a visit (CAM-5). */
@ApiExcludeController()
@Controller('customers/:id/contact')
@Roles('manager', 'supervisor')
export class ContactPagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly contacts: ContactsCommands,
    private readonly outcomes: OutcomesQueries,
    private readonly forms: Forms,
    private readonly clock: Clock,
    private readonly terms: OrderTerms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Query() query: Posted, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('calls/contact', await this.page(user, id, { channel: query.channel }));
  }

  @Post()
  async record(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'calls/contact', context: () => this.page(user, id, body) }, async () => {
      const { outcome, reason, talkSeconds, note, callbackAt, order, promises } = attemptOf(body, await this.outcomes.all());
      if (!outcome) throw new DomainError('outcome_required', { param: 'outcome' });
      const { shownAt, ...form } = await readForm(ContactPageForm, {
        channel: body.channel,
        shownAt: body.shownAt,
        outcome,
        reason,
        talkSeconds,
        note,
        callbackAt,
        order,
        promises,
      });
      await this.contacts.record(user, id, form, { shownAt, strict: true });
      flash(reply.request, 'calls.contact.recorded');
      return `/customers/${id}`;
    });
  }

  private async page(user: CurrentUser, id: string, values: Posted): Promise<object> {
    const shownAt = shownFirst(values, this.clock.now());
    const [customer, outcomes, reasons] = await Promise.all([
      this.customers.facts(user, id),
      this.outcomes.offeredAt(shownAt),
      this.outcomes.reasonsAt(shownAt),
    ]);
    const chosen = CONTACT_CHANNELS.find((channel) => channel === values.channel) ?? 'inbound';
    return {
      customer: { id: customer.id, name: customer.name, starLevel: customer.starLevel },
      channels: CONTACT_CHANNELS.map((code) => ({ code, chosen: code === chosen })),
      keys: outcomeKeys(outcomes, user.locale, String(values.outcome ?? '')),
      reasonOptions: reasons.map((reason) => ({ code: reason.code, text: labelOf(reason, user.locale) })),
      shownAt,
      callbacks: callbackChoices(this.clock.now()),
      promiseKinds: PROMISE_KINDS,
      ...orderBox(await this.terms.choices(user)),
      values,
    };
  }
}

/** A form that comes back is the one that was shown before: it keeps what was offered then. */
function shownFirst({ shownAt }: Posted, now: Date): Date {
  const first = new Date(typeof shownAt === 'string' ? shownAt : now);
  return first < now ? first : now;
}
