import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { maskPhone } from '../kernel/phone.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { Chrome } from '../platform/http/chrome.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { isHtmx } from '../platform/http/request-kind.js';
import { CurrentUser } from '../staff/staff.types.js';
import { exportHref } from '../exports/exports.types.js';
import { CustomersCommands } from './customers.commands.js';
import { CustomerPatch, CustomerSearchForm, RevealForm } from './customers.forms.js';
import { CustomersQueries } from './customers.queries.js';
import { ID_CARD_REASONS } from './id-card/id-card.forms.js';
import { IdCardQueries } from './id-card/id-card.queries.js';
import { StarRightsQueries } from './rights/star-rights.queries.js';
import { CLASSES, FORM_CALENDARS, GENDERS, REVEAL_REASONS, TIERS, WECOM_STATES } from './customers.types.js';
import { customerPage, filterOf, patchOf, searchOf, seenOf, typedAgain, typedValues } from './customers.views.js';
import { rightsView } from './rights/star-rights.views.js';

type Fields = Record<string, string>;

const STARS = [7, 6, 5, 4, 3, 2, 1, 0];

@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers')
export class CustomersPagesController {
  constructor(
    private readonly queries: CustomersQueries,
    private readonly commands: CustomersCommands,
    private readonly rights: StarRightsQueries,
    private readonly idCards: IdCardQueries,
    private readonly forms: Forms,
    private readonly clock: Clock,
    private readonly chrome: Chrome,
  ) {}

  /** The list; a search box's `q` is a number, its last four digits, or the beginning of a name. */
  @Get()
  async search(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const mayHandOver = ['supervisor', 'admin'].includes(user.role) && this.chrome.hasPage('/handover');
    const page = { values: query, stars: STARS, mayHandOver, exportHref: user.role === 'manager' ? null : exportHref('customers', filterOf(query)) };
    try {
      const found = await this.queries.search(user, await readForm(CustomerSearchForm, searchOf(query)));
      const rows = found.items.map((row) => ({ ...row, number: row.number && maskPhone(row.number) }));
      const [only] = rows;
      if (query.q && only && rows.length === 1 && !query.cursor) return void (await reply.redirect(`/customers/${only.id}`, 303));
      await reply.view('customers/search', { ...page, rows, next: found.nextCursor });
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 404) throw error;
      await this.forms.again(reply, { view: 'customers/search', context: () => page }, error);
    }
  }

  @Get(':id')
  async show(
    @Param('id') id: string,
    @Query('channel') channel: string | undefined,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const standing = await this.queries.standing(id);
    if (standing !== id) return void (await reply.redirect(`/customers/${standing}`, 303));
    await reply.view('customers/show', { ...(await this.page(user, id)), channel });
  }

  @Get(':id/edit')
  async edit(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('customers/edit', await this.editPage(user, id));
  }

  @Post(':id')
  async update(@Param('id') id: string, @Body() body: Fields, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    await this.forms.answer(reply, { view: 'customers/edit', context: () => this.editPage(user, id, body) }, async () => {
      const card = await this.queries.byId(user, id);
      await this.commands.update(user, id, await readForm(CustomerPatch, patchOf(body, card, user)));
      flash(request, 'customers.saved', { name: card.name ?? '' });
      return `/customers/${id}`;
    });
  }

  /** The hotline's blacklist of one line; do-not-contact is another thing and stays as it is (CUS-1). */
  @Roles('planner', 'supervisor')
  @Post(':id/lines/:line/hotline')
  async hotline(
    @Param() { id, line }: { id: string; line: string },
    @Body() body: Fields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const user = request.viewer as CurrentUser;
    await this.forms.answer(reply, { view: 'customers/show', context: () => this.page(user, id) }, async () => {
      await this.commands.update(user, id, await readForm(CustomerPatch, { line, hotlineBlacklist: body.hotlineBlacklist }));
      flash(request, 'customers.hotline_saved');
      return `/customers/${id}`;
    });
  }

  /** Shows one number for a minute; the look is in the audit log. Without JavaScript the page comes back with it. */
  @Post(':id/reveal')
  async reveal(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const page = { view: 'customers/show', fragment: 'customers/_number', context: () => this.numberPage(user, id, body.line) };
    try {
      const line = await this.commands.reveal(user, id, await readForm(RevealForm, body));
      const revealed = { id: line.id, number: line.number };
      if (isHtmx(reply.request))
        await reply.view('customers/_number', { customerId: id, line: revealed, revealed: true }, { layout: false, status: 200 });
      else await reply.view('customers/show', { ...(await this.page(user, id)), revealed }, { status: 200 });
    } catch (error) {
      if (!(error instanceof DomainError) || error.status !== 422) throw error;
      await this.forms.again(reply, page, error);
    }
  }

  /** The number masked again, a minute later. */
  @Get(':id/lines/:line/number')
  async masked(@Param('id') id: string, @Param('line') lineId: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const line = (await this.queries.byId(user, id)).lines.find((one) => one.id === lineId);
    await reply.view(
      'customers/_number',
      { customerId: id, line: line && { id: line.id, number: line.number }, mayReveal: true, revealReasons: REVEAL_REASONS },
      { layout: false },
    );
  }

  private async numberPage(user: CurrentUser, id: string, lineId?: string): Promise<object> {
    const page = await this.page(user, id);
    const { lines } = await this.queries.byId(user, id);
    return { ...page, customerId: id, line: lines.find((one) => one.id === lineId) ?? lines[0] };
  }

  private async page(user: CurrentUser, id: string): Promise<object> {
    const card = await this.queries.byId(user, id);
    // panels of other modules, by URL: shown once somebody serves them
    const panels = {
      planned: this.chrome.hasPage('/customers/:id/planned'),
      tickets: this.chrome.hasPage('/customers/:id/tickets'),
      health: this.chrome.hasPage('/customers/:id/health'),
      promises: this.chrome.hasPage('/customers/:id/promises'),
      partnerOffers: this.chrome.hasPage('/customers/:id/partner-offers'),
      stop: this.chrome.hasPage('/customers/:id/lines/:line/stop'),
    };
    const rights = rightsView(await this.rights.of(card), user.locale);
    const idCard = await this.idCards.shown(id);
    const choices = { revealReasons: REVEAL_REASONS, idCardReasons: ID_CARD_REASONS };
    return { ...customerPage(card, user, this.clock.now()), rights, idCard, panels, ...choices };
  }

  private async editPage(user: CurrentUser, id: string, body: Fields = {}): Promise<object> {
    const card = await this.queries.byId(user, id);
    const choices = { choices: WECOM_STATES, stars: STARS, tiers: TIERS, classes: CLASSES, genders: GENDERS };
    const now = typedValues(card, user);
    const boxes = { current: typedAgain(now, body), seen: body.seen ?? seenOf(now), calendars: FORM_CALENDARS };
    return { ...customerPage(card, user, this.clock.now()), ...choices, ...boxes };
  }
}
