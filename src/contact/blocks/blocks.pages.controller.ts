import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { InvalidInput } from '../../kernel/errors.js';
import { maskPhone } from '../../kernel/phone.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BLOCK_SCOPES } from '../contact.types.js';
import { BlocksCommands } from './blocks.commands.js';
import { BlocksQueries } from './blocks.queries.js';
import { ownReason } from './blocks.views.js';
import { BlockForm, LiftForm } from './blocks.forms.js';
import { NamedCampaigns } from '../named-campaigns.queries.js';
import { requireNumber } from '../number.policy.js';

const PAGE = 50;
type Fields = Record<string, string>;

/** The do-not-contact list. */
@Roles('planner', 'supervisor')
@Controller('contact/blocks')
export class BlocksPagesController {
  constructor(
    private readonly commands: BlocksCommands,
    private readonly queries: BlocksQueries,
    private readonly campaigns: NamedCampaigns,
    private readonly forms: Forms,
    private readonly clock: Clock,
  ) {}

  @Get()
  async list(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    try {
      await reply.view('contact/blocks', await this.page(user, query));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await this.forms.again(reply, { view: 'contact/blocks', context: () => this.page(user, {}) }, error);
    }
  }

  @Post()
  async add(@Body() body: Fields, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    await this.forms.answer(reply, { view: 'contact/blocks', context: () => this.page(user, {}) }, async () => {
      const block = await this.commands.add(user, await readForm(BlockForm, body));
      flash(request, 'contact.blocks.added', { phone: maskPhone(block.number) });
      return '/contact/blocks';
    });
  }

  @Post(':id/lift')
  async lift(@Param('id') id: string, @Body() body: Fields, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    await this.forms.answer(reply, { view: 'contact/blocks', context: () => this.page(user, {}) }, async () => {
      const block = await this.commands.lift(user, id, await readForm(LiftForm, body));
      flash(request, 'contact.blocks.lifted', { phone: maskPhone(block.number) });
      return '/contact/blocks';
    });
  }

  private async page(user: CurrentUser, query: Fields): Promise<object> {
    const number = query.phone ? requireNumber(query.phone) : undefined;
    const page = await this.queries.list(user, this.clock.now(), {
      limit: PAGE,
      ...(number ? { number } : {}),
      ...(query.cursor ? { cursor: query.cursor } : {}),
    });
    const [families, campaigns] = await Promise.all([this.campaigns.families(user), this.campaigns.list(user)]);
    return {
      blocks: page.items.map((block) => ({ ...block, reasonKey: ownReason(block.reason) })),
      next: page.nextCursor,
      searched: query.phone,
      exportHref: exportHref('blocks', { phone: query.phone }),
      scopes: BLOCK_SCOPES,
      families,
      campaigns,
    };
  }
}
