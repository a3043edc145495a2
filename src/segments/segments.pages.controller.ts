import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { CurrentUser } from '../staff/staff.types.js';
import { formOf } from './filter-form.policy.js';
import { SegmentChoices } from './segment-choices.queries.js';
import { SegmentsCommands } from './segments.commands.js';
import { SegmentForm } from './segments.forms.js';
import { filterGroups, SegmentsQueries } from './segments.queries.js';
import { isSlow } from './slowness.policy.js';

/** Columns of a segment that fit beside name and number. */
const COLUMNS_SHOWN = 6;
/** The id of a box, which is its name too: it goes back into the page. */
const BOX = /^[A-Za-z][A-Za-z-]{0,30}$/;

@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('segments')
export class SegmentsPagesController {
  constructor(
    private readonly queries: SegmentsQueries,
    private readonly commands: SegmentsCommands,
    private readonly forms: Forms,
    private readonly choices: SegmentChoices,
  ) {}

  @Get()
  async list(@Query('cursor') cursor: string | undefined, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('segments/list', await this.listPage(user, cursor));
  }

  /** Makes an empty segment and goes on to the upload that fills it. */
  @Roles('planner')
  @Post()
  async create(@Body() body: Record<string, string>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    await this.forms.answer(reply, { view: 'segments/list', context: () => this.listPage(user) }, async () => {
      const { code } = await this.commands.create(user, await readForm(SegmentForm, body));
      return `/imports?feed=segment&segment=${encodeURIComponent(code)}`;
    });
  }

  /** For a box in which a segment is typed, as its text grows. */
  @Get('search/choices')
  async offered(@Query() query: Record<string, unknown>, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const boxId = typeof query.box === 'string' && BOX.test(query.box) ? query.box : 'segment';
    const typed = query[boxId];
    const box = await this.choices.box(user, typeof typed === 'string' ? typed : '', query.only === 'columns' ? 'columns' : undefined);
    await reply.view('segments/choices', { ...box, boxId }, { layout: false });
  }

  @Get(':code')
  async show(
    @Param('code') code: string,
    @Query('cursor') cursor: string | undefined,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const segment = await this.commands.recount(user, await this.queries.byCode(user, code));
    const page = await this.queries.members(user, segment.id, cursor);
    const columns = segment.columns.slice(0, COLUMNS_SHOWN);
    const members = page.items.map((member) => ({ ...member, cells: columns.map((column) => member.attributes[column] ?? null) }));
    const mayFill = user.role !== 'supervisor' && (await this.queries.writable(user, code)) !== undefined;
    await reply.view('segments/show', {
      segment,
      columns,
      hidden: segment.columns.length - columns.length,
      rows: members,
      next: page.nextCursor,
      mayFill,
      slow: isSlow(segment.countMs),
      groups: segment.filter && filterGroups(segment.filter),
      raw: segment.filter && !formOf(segment.filter) ? JSON.stringify(segment.filter, null, 2) : null,
    });
  }

  private async listPage(user: CurrentUser, cursor?: string): Promise<object> {
    const page = await this.queries.list(user, { cursor });
    return { segments: page.items, next: page.nextCursor, mayMake: user.role !== 'supervisor' };
  }
}
