import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError, InvalidInput } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { problemOf } from '../platform/http/problem.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { readForm } from '../platform/http/forms.js';
import { CurrentUser } from '../staff/staff.types.js';
import { filterOf, type FormGroup, formOf, groupsOf, type Posted, pressed } from './filter-form.policy.js';
import { groupViews, MENU, rowNumber } from './filter-form.views.js';
import { type FilterCount, FiltersQueries } from './filters.queries.js';
import { SegmentsCommands } from './segments.commands.js';
import { SegmentFilterForm, SegmentForm } from './segments.forms.js';
import { type SegmentRow, SegmentsQueries } from './segments.queries.js';

const VIEW = 'segments/filter';
const COUNT = 'segments/count';

interface Draft {
  code?: unknown;
  name?: unknown;
  version?: unknown;
  groups: FormGroup[];
  /** The segment that is changed; a new one has none yet. */
  segment?: SegmentRow;
}

interface Asked {
  reply: FastifyReply;
  user: CurrentUser;
  body: Posted;
}

/** The builder: every button is a plain form post that comes back with the form; only the count is livelier with JavaScript. */
@Roles('planner')
@ApiExcludeController()
@Controller('segments')
export class FilterPagesController {
  constructor(
    private readonly queries: SegmentsQueries,
    private readonly filters: FiltersQueries,
    private readonly commands: SegmentsCommands,
    private readonly forms: Forms,
    private readonly catalogue: Catalogue,
  ) {}

  @Get('filter/new')
  async fresh(@Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, page({ groups: groupsOf({}) }));
  }

  @HttpCode(200)
  @Post('filter/new')
  async create(@Body() body: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const groups = groupsOf(body);
    await this.answer({ reply, user, body }, { ...body, groups }, async (filter) => {
      const { code } = await this.commands.create(user, await readForm(SegmentForm, { code: body.code, name: body.name, filter }));
      return code;
    });
  }

  /** The figure for what is typed; half-typed conditions say what they lack. */
  @HttpCode(200)
  @Post('filter/count')
  async count(@Body() body: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const groups = groupsOf(body);
    try {
      await reply.view(COUNT, { count: await this.counted(user, groups) }, { layout: false });
    } catch (error) {
      await this.refused(reply, named(error, groups));
    }
  }

  @Get(':code/filter')
  async edit(@Param('code') code: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const segment = await this.queries.filterToChange(user, code);
    await reply.view(VIEW, page({ ...segment, segment, groups: formOf(segment.filter ?? {}) ?? groupsOf({}) }));
  }

  @HttpCode(200)
  @Post(':code/filter')
  async save(@Param('code') code: string, @Body() body: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const segment = await this.queries.filterToChange(user, code);
    await this.answer({ reply, user, body }, { ...body, code, segment, groups: groupsOf(body) }, async (filter) => {
      // an empty box is as none to a form, and no name at all keeps the one that stands
      if (body.name === undefined || body.name === '') throw new InvalidInput([{ param: 'name', code: 'invalid_is_not_empty' }]);
      await this.commands.setFilter(user, code, await readForm(SegmentFilterForm, { name: body.name, version: body.version, filter }));
      return code;
    });
  }

  /** Any button but "save" shows the form as it is then; "save" keeps the filter and goes to its segment. */
  private async answer({ reply, user, body }: Asked, draft: Draft, save: (filter: object) => Promise<string>): Promise<void> {
    const shown = { ...draft, groups: pressed(draft.groups, body) };
    let stale = false;
    const again = { view: VIEW, context: () => (stale ? { ...page({ ...shown, version: shown.segment?.version }), stale } : page(shown)) };
    if (body.do !== 'save' && body.do !== 'count') return reply.view(VIEW, page(shown));
    try {
      if (body.do === 'count') return await reply.view(VIEW, { ...page(shown), count: await this.counted(user, shown.groups) });
      await this.forms.answer(reply, again, async () => {
        try {
          return `/segments/${encodeURIComponent(await save(filterOf(draft.groups)))}`;
        } catch (error) {
          // what was typed may be saved over what the others did, once it is said that they did
          stale = error instanceof DomainError && error.code === 'segment_changed';
          throw named(error, draft.groups);
        }
      });
    } catch (error) {
      await this.forms.again(reply, again, named(error, draft.groups));
    }
  }

  private async refused(reply: FastifyReply, error: DomainError): Promise<void> {
    const { message } = problemOf(error, this.catalogue, reply.request.locale);
    await reply.view(COUNT, { problem: message }, { layout: false });
  }

  /** undefined while there is no condition. */
  private async counted(user: CurrentUser, groups: readonly FormGroup[]): Promise<FilterCount | undefined> {
    return groups.some((group) => group.rows.length > 0) ? this.filters.count(user, filterOf(groups)) : undefined;
  }
}

/** A refusal that names the row as the page numbers it; what lacks the whole filter has no row. */
function named(error: unknown, groups: readonly FormGroup[]): DomainError {
  if (!(error instanceof DomainError)) throw error;
  const { node } = error.params;
  if (error instanceof InvalidInput || typeof node !== 'string' || error.param === undefined) return error;
  if (node === 'filter' && error.code === 'filter_group_empty') return new DomainError('filter_empty', { status: error.status, param: error.param });
  return new DomainError(error.code, { status: error.status, param: error.param, params: { ...error.params, node: rowNumber(groups, node) } });
}

function page(draft: Draft): object {
  const { code, name, version, segment } = draft;
  const groups = groupViews(draft.groups);
  return {
    chosen: { code, name, version },
    include: groups.slice(0, -1),
    exclude: groups.slice(-1),
    empty: draft.groups.every((group) => group.rows.length === 0),
    menu: MENU,
    segment,
    // made by a program, deeper than the form: saving would replace it
    deeper: segment?.filter && !formOf(segment.filter) ? JSON.stringify(segment.filter, null, 2) : null,
  };
}
