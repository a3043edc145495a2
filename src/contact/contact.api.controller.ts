import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Roles, TokenScopes } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { BlocksCommands } from './blocks.commands.js';
import { BlockForm, DecisionsQuery, LiftForm } from './contact.forms.js';
import { ContactQueries } from './contact.queries.js';
import type { Channel, Purpose } from './contact.types.js';
import { blockView, numberFor, touchView } from './contact.views.js';
import { DecisionsQueries } from './decisions.queries.js';
import { requireNumber } from './number.policy.js';

const PAGE = 50;

@Roles('planner', 'supervisor')
@Controller('api/v1/contact')
export class ContactApiController {
  constructor(
    private readonly blocks: BlocksCommands,
    private readonly decisions: DecisionsQueries,
    private readonly contact: ContactQueries,
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
  @TokenScopes('contact')
  @Get('decisions')
  async list(@Query() query: DecisionsQuery, @CurrentUser() user: CurrentUser): Promise<object> {
    const number = requireNumber(query.phone);
    await this.decisions.subject(user, number);
    const purpose = query.purpose ?? 'marketing';
    const page = await this.contact.decisions(number, query.limit ?? PAGE, query.cursor);
    const now = { call: await this.now(number, 'call', purpose), sms: await this.now(number, 'sms', purpose) };
    return { phone: numberFor(user, number), purpose, now, items: page.items.map(touchView), nextCursor: page.nextCursor };
  }

  private async now(number: string, channel: Channel, purpose: Purpose): Promise<object> {
    const { decision } = await this.decisions.explain(number, { channel, purpose, at: this.clock.now() });
    return decision;
  }
}
