import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { JobsQueries } from '../../platform/jobs/jobs.queries.js';
import { MonthsQueries } from '../../platform/months/months.queries.js';
import { DeadJobs } from './dead-jobs.commands.js';
import { JobKindForm } from '../staff.forms.js';
import { CurrentUser } from '../staff.types.js';

const HERE = '/admin/jobs';

/** Jobs that were given up after their last try (SYS-5), and what the jobs of the night have moved (SYS-4), for administrators. */
@Roles()
@Controller('admin/jobs')
export class DeadJobsPagesController {
  constructor(
    private readonly jobs: JobsQueries,
    private readonly dead: DeadJobs,
    private readonly months: MonthsQueries,
  ) {}

  @Get()
  async list(@Query() query: Record<string, string | undefined>, @Res() reply: FastifyReply): Promise<void> {
    const job = query.job?.trim() || undefined;
    const [kinds, { items, nextCursor }, archived] = await Promise.all([
      this.jobs.deadKinds(),
      this.jobs.deadRows(job, query.cursor),
      this.months.archived(),
    ]);
    const rows = items.map((row) => ({ ...row, payload: JSON.stringify(row.payload) }));
    const months = archived.map((each) => ({ ...each, month: each.month.slice(0, 7), rows: Number(each.rows), sum: each.sha256?.slice(0, 12) }));
    await reply.view('staff/jobs', { kinds, rows, next: nextCursor, job, months });
  }

  @Post('retry')
  async retryAll(@Body() body: Record<string, string>, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const { job } = await readForm(JobKindForm, body);
    const count = await this.dead.retryAll(user, job);
    flash(reply.request, 'jobs.retried_all', { job, count });
    redirectTo(reply, HERE);
  }

  @Post(':id/retry')
  async retry(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const { job } = await this.dead.retry(user, id);
    flash(reply.request, 'jobs.retried', { job, id });
    redirectTo(reply, HERE);
  }

  @Post(':id/discard')
  async discard(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const { job } = await this.dead.discard(user, id);
    flash(reply.request, 'jobs.discarded', { job, id });
    redirectTo(reply, HERE);
  }
}
