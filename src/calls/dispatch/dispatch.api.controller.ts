import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExportsCommands } from '../../exports/exports.commands.js';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { sendFile } from '../../platform/http/send-file.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { DispatchListForm, ReturnsForm } from './dispatch.forms.js';
import { DispatchQueries } from './dispatch.queries.js';
import type { BalanceRow, DispatchBalance, DispatchItem } from './dispatch.types.js';
import { sumOf, toItem } from './dispatch.views.js';

@Roles('planner', 'supervisor')
@Controller('api/v1/dispatches')
export class DispatchApiController {
  constructor(
    private readonly dispatches: DispatchQueries,
    private readonly exports: ExportsCommands,
  ) {}

  /** Dispatches of the customers in the scope, newest first. */
  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() form: DispatchListForm): Promise<Page<DispatchItem>> {
    const page = await this.dispatches.list(user, form);
    return { items: page.items.map(toItem), nextCursor: page.nextCursor };
  }

  /** dispatched = returned + open, in all and by source system and business type. */
  @Get('balance')
  async balance(@CurrentUser() user: CurrentUser, @Query() { campaign }: DispatchListForm): Promise<DispatchBalance & { rows: BalanceRow[] }> {
    const rows = await this.dispatches.balance(user, { campaign });
    return { ...sumOf(rows), rows };
  }

  /** The returns as a file in the sender's columns; what it tells counts as handed over. */
  @Get('returns.csv')
  @ApiProduces('text/csv')
  async file(
    @CurrentUser() user: CurrentUser,
    @Query() form: ReturnsForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(reply, await this.exports.handBack(user, { what: 'returns', filter: form, locale: request.locale }));
  }
}
