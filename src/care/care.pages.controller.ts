import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { addDays, type Day, dayOf, isDay, lastDayOfMonth } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { isHtmx } from '../platform/http/request-kind.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CareRulesQueries } from './care-rules.queries.js';
import type { RuleCode } from './care.types.js';
import { type Coverage, CoverageQueries } from './coverage.queries.js';
import { MissesQueries } from './forecast/misses.queries.js';
import { reasonName } from './forecast/misses.views.js';
import { coverageLine, monthsAround, nextRunAt, programmeLine, promiseOf, runView, totalOf } from './overview.views.js';
import { PlanRunsCommands } from './planning/plan-runs.commands.js';
import { PlanRunsQueries } from './planning/plan-runs.queries.js';
import { ruleOf } from './rules/rule-list.policy.js';

/** What the house promises to every customer, shown first. */
const PROMISES: readonly RuleCode[] = ['star-promotion', 'star-revisit', 'birthday', 'roaming-return'];
/** The page of its own that a promise opens. */
const PROMISE_PAGES: Partial<Record<RuleCode, string>> = { 'star-promotion': '/care/promotions' };
const URGENT = 6;
const RUNS = 6;
/** As long as it takes to get the client's word. */
const GREETINGS_AHEAD = 14;

/** Who may change rules and start runs; the others look. */
export const mayPlan = (user: CurrentUser): boolean => user.role === 'planner' || user.role === 'admin';

@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('care')
export class CarePagesController {
  constructor(
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly coverage: CoverageQueries,
    private readonly runs: PlanRunsQueries,
    private readonly runCommands: PlanRunsCommands,
    private readonly misses: MissesQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async overview(@CurrentUser() user: CurrentUser, @Query('month') month: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('care/overview', await this.overviewPage(user, month));
  }

  /** Plans a day by hand; the page of the run shows what came of it. */
  @Roles('planner')
  @Post('plan-runs')
  async plan(@CurrentUser() user: CurrentUser, @Body() body: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'care/overview', context: () => this.overviewPage(user) }, async () => {
      const { id } = await this.runCommands.start(user, { date: body.date || dayOf(this.clock.now()) });
      return `/care/plan-runs/${id}`;
    });
  }

  @Get('plan-runs/:id')
  async run(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const run = runView(await this.runs.byId(user, id));
    if (isHtmx(reply.request)) await reply.view('care/_run', { run }, { layout: false });
    else await reply.view('care/run', { run, unpublished: (await this.runs.unpublishedYears(run.day)).map(String) });
  }

  private async overviewPage(user: CurrentUser, asked?: string): Promise<object> {
    const today = dayOf(this.clock.now());
    const current: Day = `${today.slice(0, 7)}-01`;
    const month = isDay(`${asked ?? ''}-01`) ? `${asked ?? ''}-01` : current;
    const [rows, byStar, byRule, urgent, runs, unpublished, willMiss, missed] = await Promise.all([
      this.rules.list(),
      this.coverage.byStar(user, month, today),
      this.coverage.byRule(user, month, today),
      this.coverage.urgent(user, today, URGENT),
      this.runs.newest(user, RUNS),
      this.runs.unpublishedYears(today),
      this.misses.byStar(user, 'star-revisit', { from: month, until: lastDayOfMonth(month) }),
      this.misses.count(user, {}),
    ]);
    const greets = rows.some(({ code, enabled }) => code === 'calendar-greeting' && enabled);
    const unapproved = greets ? await this.runs.unapprovedGreetings(today, addDays(today, GREETINGS_AHEAD)) : [];
    const revisit = rows.find(({ code }) => code === 'star-revisit');
    return {
      today,
      unpublished: unpublished.map(String),
      unapproved: unapproved.map(({ day, names }) => `${day.slice(5)} ${names.join('、')}`).join('；'),
      month: month.slice(0, 7),
      months: monthsAround(current).map((day) => day.slice(0, 7)),
      plans: mayPlan(user),
      anyEnabled: rows.some(({ enabled }) => enabled),
      promises: PROMISES.map((code) => ({ ...promiseOf(ruleOf(code), byRule.get(code)), href: PROMISE_PAGES[code] })),
      revisit,
      lines: starsOf(byStar, willMiss).map((row) => ({ ...coverageLine(row, willMiss.get(row.star)), star: row.star })),
      total: coverageLine(
        totalOf(byStar),
        [...willMiss.values()].reduce((sum, count) => sum + count, 0),
      ),
      missed,
      programmes: rows.map((row) => programmeLine(row, ruleOf(row.code), byRule.get(row.code))),
      nextRun: nextRunAt(this.clock.now()),
      urgent: urgent.map((row) => ({ ...row, why: row.why && reasonName(row.why) })),
      runs: runs.map(runView),
      last: runs[0] && runView(runs[0]),
    };
  }
}

/** A star of which nothing is planned yet stands there too, when somebody of it will be missed. */
function starsOf(byStar: readonly (Coverage & { star: number })[], willMiss: ReadonlyMap<number, number>): (Coverage & { star: number })[] {
  const known = new Set(byStar.map(({ star }) => star));
  const added = [...willMiss.keys()].filter((star) => !known.has(star)).map((star) => ({ ...totalOf([]), star }));
  return [...byStar, ...added].sort((a, b) => b.star - a.star);
}
