import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { PromisesQueries } from '../promises/promises.queries.js';
import { TaskReasonsQueries } from './task-reasons.queries.js';
import { type TaskRow, TasksQueries } from '../tasks/tasks.queries.js';
import { TodayQueries } from './today.queries.js';
import { aheadView, figuresView, greetingKey, progressView, taskView } from './today.views.js';

/** Longer lists are worked on, not read. */
const MOST_ROWS = 300;
const PAGE = 50;
type Filter = 'all' | 'today' | 'top';

const FILTERS: Record<Filter, (row: TaskRow, today: string) => boolean> = {
  all: () => true,
  today: (row, today) => (row.deadlineOn ?? row.dueOn) <= today,
  top: (row) => row.star >= 5,
};

/** A manager's day: promises first, then the list, then how it goes. */
@Controller('today')
@Roles('manager', 'supervisor')
export class TodayPagesController {
  constructor(
    private readonly tasks: TasksQueries,
    private readonly reasons: TaskReasonsQueries,
    private readonly today: TodayQueries,
    private readonly calendar: CalendarQueries,
    private readonly contact: ContactQueries,
    private readonly clock: Clock,
    private readonly words: PromisesQueries,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query('show') show: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const now = this.clock.now();
    const day = dayOf(now);
    const [rows, progress, figures, week, ahead, info, held, words] = await Promise.all([
      this.tasks.queue(user.id, day, MOST_ROWS),
      this.today.progress(user.id),
      this.today.figures(user.id, day),
      this.today.figures(user.id, this.today.weekStart()),
      this.today.ahead(user.id),
      this.calendar.dayInfo(day),
      this.tasks.heldBy(user.id),
      this.words.dueFor(user.id),
    ]);
    const promises = rows.filter((row) => row.callbackAt !== null);
    const listed = rows.filter((row) => row.callbackAt === null);
    const filter: Filter = show === 'today' || show === 'top' ? show : 'all';
    const shown = listed.filter((row) => FILTERS[filter](row, day)).slice(0, PAGE);
    const [reasons, contacted] = await Promise.all([
      this.reasons.forTasks([...promises, ...shown], user.locale),
      this.contact.lastToday(
        [...promises, ...shown].map((row) => row.customerId),
        now,
      ),
    ]);
    const view = (row: TaskRow): object => taskView(row, { reasons: reasons.get(row.id) ?? [], contacted: contacted.get(row.customerId) }, now);
    await reply.view('calls/today', {
      greeting: greetingKey(now),
      info,
      held: held && { id: held.id, name: held.customerName },
      promises: promises.map(view),
      promised: promises.length + words.length,
      lateWords: words.filter((one) => one.late),
      words: words.filter((one) => !one.late),
      late: promises.filter((row) => row.callbackAt && row.callbackAt < now).length + words.filter((one) => one.late).length,
      list: shown.map(view),
      filters: (['all', 'today', 'top'] as const).map((code) => ({
        code,
        current: code === filter,
        count: listed.filter((row) => FILTERS[code](row, day)).length,
      })),
      listed: listed.length,
      progress: progressView(progress),
      figures: figuresView(figures, week),
      ahead: aheadView(ahead),
    });
  }
}
