import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CustomersCommands } from '../customers.commands.js';
import { CustomerPatch } from '../customers.forms.js';
import { CustomersQueries } from '../customers.queries.js';
import { FORM_CALENDARS, WECOM_STATES } from '../customers.types.js';
import { patchOf, readerOf, typedValues } from '../customers.views.js';
import { lineAsked } from '../lines/line-asked.policy.js';
import { fieldOf, isOfLine } from './profile.policy.js';
import type { FieldType } from './profile-values.policy.js';
import { birthdayView, factViews, lineFacts, pastFacts, scoreOf } from './profile.views.js';

type Fields = Record<string, string>;
interface Path {
  id: string;
  field: string;
}

/** One field of the profile, edited where it stands; without JavaScript a page of its own. Both show all it ever was (CUS-2, CUS-3). */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/profile/:field')
export class ProfilePagesController {
  constructor(
    private readonly queries: CustomersQueries,
    private readonly commands: CustomersCommands,
    private readonly forms: Forms,
    private readonly clock: Clock,
  ) {}

  @Get()
  async form(
    @Param() path: Path,
    @Query('line') line: string | undefined,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const context = await this.context(user, path, line);
    if (isHtmx(reply.request)) await reply.view('customers/_fact-form', context, { layout: false });
    else await reply.view('customers/fact', context);
  }

  /** The row as it stands: what "back" brings. */
  @Get('row')
  async row(
    @Param() path: Path,
    @Query('line') line: string | undefined,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.view('customers/_fact', await this.context(user, path, line), { layout: false });
  }

  @Post()
  async save(@Param() path: Path, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const { id, field } = path;
    const context = (): Promise<object> => this.context(user, path, body.line);
    const page = { view: 'customers/fact', fragment: 'customers/_fact-form', context };
    const card = await this.queries.byId(user, id);
    ruleOf(field);
    const save = async (): Promise<void> => this.commands.update(user, id, await readForm(CustomerPatch, patchOf(body, card, user)));
    if (!isHtmx(reply.request)) return this.forms.answer(reply, page, async () => (await save(), `/customers/${id}`));
    try {
      await save();
      await reply.view('customers/_fact', { ...(await context()), saved: true }, { layout: false, status: 200 });
    } catch (error) {
      if (!(error instanceof DomainError) || error.status !== 422) throw error;
      await this.forms.again(reply, page, error);
    }
  }

  /** @param asked the line, for what is asked of a card; without it the one the customer is reached on */
  private async context(user: CurrentUser, { id, field }: Path, asked?: string): Promise<object> {
    const card = await this.queries.byId(user, id);
    const { type } = ruleOf(field);
    const reader = readerOf(user);
    const line = isOfLine(field) ? lineAsked(card, asked) : undefined;
    const past = pastFacts(type, await this.queries.history(id, field, line?.id), reader);
    const views = line ? lineFacts(card, line.id, reader) : factViews(card, reader);
    return {
      ...(field === 'birthday' ? birthdayView(card, reader, this.clock.now()) : {}),
      customerId: id,
      customerName: card.name,
      field,
      type,
      line,
      fact: views.find((view) => view.name === field),
      past,
      completeness: scoreOf(card),
      current: typedValues(card, user),
      calendars: FORM_CALENDARS,
      choices: WECOM_STATES,
    };
  }
}

/** A birthday is a fact of the customer itself and is corrected in the same way. */
function ruleOf(field: string): { type: FieldType } {
  const rule = field === 'birthday' ? { type: 'birthday' as const } : fieldOf(field);
  if (!rule) throw notFound('profile_field', field);
  return rule;
}
