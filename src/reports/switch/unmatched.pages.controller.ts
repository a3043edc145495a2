import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { readForm } from '../../platform/http/forms.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { reportUrl } from '../funnel.views.js';
import { shownFilter, UnmatchedPageForm } from './unmatched.forms.js';
import { UnmatchedQueries } from './unmatched.queries.js';
import { RECORD_CUTS, RECORD_REASONS } from './unmatched.types.js';
import { recordLine, unmatchedFigures, unmatchedUrl } from './unmatched.views.js';

/** What the switch recorded and nobody else, or otherwise than the agent: counts by reason, agent and day, and the records behind each. */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('call-records/unmatched')
export class UnmatchedPagesController {
  constructor(
    private readonly records: UnmatchedQueries,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const form = await readForm(UnmatchedPageForm, query);
    const filter = shownFilter(form, dayOf(this.clock.now()));
    const by = form.by ?? 'agent';
    const [counts, page, labels] = await Promise.all([
      this.records.counts(user, by, filter),
      this.records.page(user, filter, form),
      this.records.labels(user.locale),
    ]);
    await reply.view('reports/unmatched', {
      by,
      filter,
      cuts: RECORD_CUTS.map((cut) => ({ cut, href: unmatchedUrl(filter, cut), current: cut === by })),
      reasons: RECORD_REASONS,
      exportHref: reportUrl({ ...filter }, '/exports/files/unmatched-records'),
      ...unmatchedFigures(counts, filter, by),
      rows: page.items.map((record) => recordLine(record, labels)),
      next: page.nextCursor,
    });
  }
}
