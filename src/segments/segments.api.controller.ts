import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { SegmentsCommands } from './segments.commands.js';
import { SegmentForm, SegmentListForm } from './segments.forms.js';
import { type SegmentRow, SegmentsQueries } from './segments.queries.js';

type SegmentView = Omit<SegmentRow, 'id' | 'orgUnitName'>;

const view = ({ id: _id, orgUnitName: _name, ...row }: SegmentRow): SegmentView => row;

@Roles('planner', 'supervisor')
@Controller('api/v1/segments')
export class SegmentsApiController {
  constructor(
    private readonly queries: SegmentsQueries,
    private readonly commands: SegmentsCommands,
  ) {}

  @Roles('planner')
  @Post()
  async create(@Body() form: SegmentForm, @CurrentUser() user: CurrentUser): Promise<SegmentView> {
    return view(await this.commands.create(user, form));
  }

  @Get()
  async list(@Query() form: SegmentListForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const page = await this.queries.list(user, form);
    return { items: page.items.map(view), nextCursor: page.nextCursor };
  }

  @Get(':code')
  async byCode(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<SegmentView> {
    return view(await this.queries.byCode(user, code));
  }
}
