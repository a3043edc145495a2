import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Words } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { DispatchListForm } from './dispatch.forms.js';
import { DispatchQueries } from './dispatch.queries.js';
import { type BalanceRow, DISPATCH_CHOICES, type DispatchBalance, type DispatchFilter } from './dispatch.types.js';
import { dispatchesUrl, figures, rowView, sumOf } from './dispatch.views.js';

const TILES: readonly (keyof DispatchBalance)[] = ['dispatched', 'returned', 'open', 'dueSoon', 'overdue', 'toTell'];
const COLUMNS: readonly (keyof DispatchBalance)[] = ['dispatched', 'open', 'returned', 'done', 'notReached', 'undone', 'dueSoon', 'overdue'];

/** What others asked us to call, how it stands, and the file that goes back (FED-5). */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('dispatches')
export class DispatchPagesController {
  constructor(
    private readonly dispatches: DispatchQueries,
    private readonly texts: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Query() form: DispatchListForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [balance, page] = await Promise.all([this.dispatches.balance(user, form), this.dispatches.list(user, form)]);
    const today = dayOf(this.clock.now());
    const { locale } = request;
    const words: Words = { locale, t: (key, params) => this.texts.t(locale, key, params) };
    const within: DispatchFilter = { campaign: form.campaign };
    await reply.view('calls/dispatches', {
      ask: form,
      filtered: Object.entries(form).some(([name, value]) => name !== 'cursor' && value !== undefined),
      columns: COLUMNS,
      tiles: figures(sumOf(balance), TILES, within),
      balance: balance.map((row) => balanceRow(row, within)),
      total: figures(sumOf(balance), COLUMNS, within),
      sources: [...new Set(balance.map((row) => row.source))].map((source) => ({ value: source || '-', source })),
      states: DISPATCH_CHOICES,
      mayUpload: user.role === 'planner' || user.role === 'admin',
      rows: page.items.map((row) => rowView(row, words, today)),
      next: page.nextCursor,
      clearHref: dispatchesUrl({}),
    });
  }
}

function balanceRow(row: BalanceRow, within: DispatchFilter) {
  return {
    source: row.source,
    bizType: row.bizType,
    figures: figures(row, COLUMNS, { ...within, source: row.source || '-', bizType: row.bizType ?? '-' }),
  };
}
