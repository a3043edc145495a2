import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { type FieldRow, type FilterCount, FiltersQueries } from './filters.queries.js';
import { SegmentsCommands } from './segments.commands.js';
import { FilterForm, SegmentFilterForm, SegmentForm, SegmentListForm } from './segments.forms.js';
import { type SegmentRow, SegmentsQueries } from './segments.queries.js';

type SegmentView = Omit<SegmentRow, 'id' | 'orgUnitName' | 'orgPath'>;

const view = ({ id: _id, orgUnitName: _name, orgPath: _path, ...row }: SegmentRow): SegmentView => row;

@Roles('planner', 'supervisor')
@Controller('api/v1/segments')
export class SegmentsApiController {
  constructor(
    private readonly queries: SegmentsQueries,
    private readonly filters: FiltersQueries,
    private readonly commands: SegmentsCommands,
  ) {}

  @Roles('planner')
  @Post()
  async create(@Body() form: SegmentForm, @CurrentUser() user: CurrentUser): Promise<SegmentView> {
    return view(await this.commands.recount(user, await this.commands.create(user, form)));
  }

  @Get()
  async list(@Query() form: SegmentListForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const page = await this.queries.list(user, form);
    return { items: page.items.map(view), nextCursor: page.nextCursor };
  }

  /** What a filter may ask for: fields, their questions, their choices. */
  @Get('filter/fields')
  fields(): { items: FieldRow[] } {
    return { items: this.filters.fields() };
  }

  /** How many customers of one's own units a filter means now; nothing is saved. */
  @HttpCode(200)
  @Post('filter/count')
  count(@Body() form: FilterForm, @CurrentUser() user: CurrentUser): Promise<FilterCount> {
    return this.filters.count(user, form.filter);
  }

  /** `members` of a filter is counted now. */
  @Get(':code')
  async byCode(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<SegmentView> {
    return view(await this.commands.recount(user, await this.queries.byCode(user, code)));
  }

  @Roles('planner')
  @Put(':code/filter')
  async setFilter(@Param('code') code: string, @Body() form: SegmentFilterForm, @CurrentUser() user: CurrentUser): Promise<SegmentView> {
    return view(await this.commands.recount(user, await this.commands.setFilter(user, code, form)));
  }
}
