import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { ENOUGH } from '../../kernel/statistics.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ProductivityReportForm, workFilter } from './productivity.forms.js';
import { ProductivityQueries } from './productivity.queries.js';
import { type CallbackRow, kindOf, WORK_CUTS, type WorkCut, type WorkFilter } from './productivity.types.js';
import { WORK_COLUMNS, workDefinition, workExportHref, workGroups, workLines, workUrl } from './productivity.views.js';

const ROWS_A_PAGE = 50;

@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('reports/productivity')
export class ProductivityPagesController {
  constructor(
    private readonly productivity: ProductivityQueries,
    private readonly clock: Clock,
  ) {}

  /** What managers did with their time; with `metric` the rows behind one figure stand under the table (REP-2). */
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() form: ProductivityReportForm, @Res() reply: FastifyReply): Promise<void> {
    const by = form.by ?? 'manager';
    const filter = workFilter(form, dayOf(this.clock.now()));
    const [figures, drill] = await Promise.all([this.productivity.figures(user, by, filter), this.drill(user, { form, by, filter })]);
    await reply.view('reports/productivity', {
      by,
      filter,
      cuts: WORK_CUTS.map((cut) => ({ cut, href: workUrl(filter, { by: cut }), current: cut === by })),
      columns: WORK_COLUMNS.map((column) => ({ ...column, definition: workDefinition(column.metric, figures.total) })),
      ...workGroups(),
      ...workLines(figures, { by, filter, open: { metric: form.metric, key: form.key } }),
      enough: ENOUGH,
      exportHref: workExportHref(filter, by),
      closeHref: workUrl(filter, { by }),
      drill: drill && { ...drill, label: figures.rows.find(({ key }) => key === form.key)?.label ?? form.key },
    });
  }

  private async drill(user: CurrentUser, { form, by, filter }: { form: ProductivityReportForm; by: WorkCut; filter: WorkFilter }) {
    const { metric, key } = form;
    if (!metric) return undefined;
    const page = form.page ?? 1;
    const asked = { ...filter, by, key };
    const [rows, count] = await Promise.all([
      this.productivity.rowsBehind(user, metric, asked, { limit: ROWS_A_PAGE, offset: (page - 1) * ROWS_A_PAGE }),
      this.productivity.countBehind(user, metric, asked),
    ]);
    const at = (other: number): string => workUrl(filter, { by, metric, key, page: other });
    return {
      metric,
      key,
      kind: kindOf(metric),
      rows: rows.map((row) => ('dueAt' in row ? withOff(row) : row)),
      count,
      first: Math.min(count, (page - 1) * ROWS_A_PAGE + 1),
      last: Math.min(count, page * ROWS_A_PAGE),
      previous: page > 1 ? at(page - 1) : undefined,
      next: page * ROWS_A_PAGE < count ? at(page + 1) : undefined,
      exportHref: exportHref('productivity-rows', { ...filter, by, metric, key }),
    };
  }
}

/** How far off its minute a call began, in seconds. */
function withOff(row: CallbackRow) {
  const off = row.calledAt ? Math.round((row.calledAt.getTime() - row.dueAt.getTime()) / 1000) : null;
  return { ...row, off: off === null ? null : Math.abs(off), early: off !== null && off < 0 };
}
