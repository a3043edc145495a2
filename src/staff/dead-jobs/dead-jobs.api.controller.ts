import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { type DeadRow, JobsQueries } from '../../platform/jobs/jobs.queries.js';
import { type ArchivedMonth, MonthsQueries } from '../../platform/months/months.queries.js';
import { DeadJobs } from './dead-jobs.commands.js';
import { DeadJobsQuery, JobKindForm } from '../staff.forms.js';
import { CurrentUser } from '../staff.types.js';

/** The same as the page, for the operator's own tools. */
@Roles()
@Controller('api/v1/jobs')
export class DeadJobsApiController {
  constructor(
    private readonly jobs: JobsQueries,
    private readonly dead: DeadJobs,
    private readonly months: MonthsQueries,
  ) {}

  /** Months that lie on another tablespace or have become files, newest first (SYS-4). */
  @Get('months')
  async archived(): Promise<{ items: ArchivedMonth[]; nextCursor: null }> {
    return { items: await this.months.archived(), nextCursor: null };
  }

  @Get('dead')
  list(@Query() { job, cursor }: DeadJobsQuery): Promise<Page<DeadRow>> {
    return this.jobs.deadRows(job, cursor);
  }

  @Post('dead/retry')
  @HttpCode(200)
  async retryAll(@Body() { job }: JobKindForm, @CurrentUser() user: CurrentUser): Promise<{ retried: number }> {
    return { retried: await this.dead.retryAll(user, job) };
  }

  @Post('dead/:id/retry')
  @HttpCode(204)
  async retry(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<void> {
    await this.dead.retry(user, id);
  }

  @Post('dead/:id/discard')
  @HttpCode(204)
  async discard(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<void> {
    await this.dead.discard(user, id);
  }
}
