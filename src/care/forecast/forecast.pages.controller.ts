import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { mayPlan } from '../care.pages.controller.js';
import { isRuleCode } from '../care.types.js';
import { RULES } from '../rules/rule-list.policy.js';
import { contactCounts } from './contacts.views.js';
import { FORECAST_DAYS, type ForecastForm } from './forecast.forms.js';
import { type Forecast, ForecastQueries } from './forecast.queries.js';
import { MissesQueries } from './misses.queries.js';
import { StoredForecasts } from './stored-forecasts.queries.js';
import { dayLines, differenceOf, differenceView, heatOf, overLines, progressView, totalsOf } from './forecast.views.js';

const SPANS = [30, 60, FORECAST_DAYS.usual, FORECAST_DAYS.most];
const VIEW = 'care/forecast';

type Typed = Record<string, string | undefined>;

/** The load to come, and what a rule would add to it before it is switched on (CAR-12). */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('care/forecast')
export class ForecastPagesController {
  constructor(
    private readonly clock: Clock,
    private readonly forecasts: ForecastQueries,
    private readonly stored: StoredForecasts,
    private readonly misses: MissesQueries,
    private readonly calendar: CalendarQueries,
    private readonly staff: StaffQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Typed, @Res() reply: FastifyReply): Promise<void> {
    const asked = asForm(query);
    const filters = async (): Promise<object> => ({
      asked: { ...asked, from: asked.from ?? dayOf(this.clock.now()) },
      ...(await this.choices(user)),
    });
    try {
      const forecast = await this.forecasts.forecast(user, asked);
      const pending = 'pending' in forecast ? progressView(forecast.pending) : null;
      const shown = 'pending' in forecast ? await this.forecasts.older(user, asked) : forecast;
      await reply.view(VIEW, { ...(await filters()), plans: mayPlan(user), pending, ...(shown ? await this.shown(shown, asked) : {}) });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: VIEW, context: filters }, error);
    }
  }

  /** How far a forecast that is under way has come: a fragment of the page. */
  @Get('progress/:id')
  async progress(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('care/_forecast-progress', { pending: progressView(await this.forecasts.chosen(user, id)) }, { layout: false });
  }

  /** Has it computed again, with what was planned and entered since. */
  @Roles('planner')
  @Post('again')
  async again(@CurrentUser() user: CurrentUser, @Body() body: Typed, @Res() reply: FastifyReply): Promise<void> {
    const asked = asForm(body);
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ asked, ...(await this.choices(user)) }) }, async () => {
      await this.forecasts.again(user, asked);
      return `/care/forecast?${new URLSearchParams({ ...asked, days: String(asked.days ?? '') }).toString()}`;
    });
  }

  private async shown(forecast: Forecast, asked: ForecastForm): Promise<object> {
    const { from, until, stored } = forecast;
    const [unpublished, rules, messages, missed] = await Promise.all([
      this.calendar.unpublishedWithin(from, until),
      this.stored.byRule(stored.id, forecast),
      this.stored.messages(stored.id, forecast),
      this.misses.of(stored.id, forecast),
    ]);
    return {
      until,
      forecast: stored.id,
      computedAt: stored.finishedAt,
      unpublished: unpublished.map(String),
      totals: { ...totalsOf(forecast), messages: rules.reduce((sum, rule) => sum + rule.messages, 0), missed },
      byRule: contactCounts(rules),
      heat: heatOf(forecast, unpublished),
      days: dayLines(forecast).map((line) => ({ ...line, messages: messages.get(line.day) ?? 0 })),
      over: overLines(forecast),
      difference: differenceView(differenceOf(forecast)),
      exportHref: exportHref('care-forecast', { ...asked, days: String(asked.days ?? '') }),
    };
  }

  private async choices(user: CurrentUser): Promise<object> {
    return {
      spans: SPANS,
      rules: RULES.map(({ code }) => code),
      teams: (await this.staff.orgUnits(user)).map(({ code, name }) => ({ code, name })),
    };
  }
}

/** What the address says, as far as it can be understood; settings of another rule than the chosen one are left behind. */
function asForm({ from, days, rule, settings, settingsOf, team }: Typed): ForecastForm {
  const span = Number(days);
  return {
    ...(from ? { from } : {}),
    days: SPANS.includes(span) ? span : FORECAST_DAYS.usual,
    ...(rule && isRuleCode(rule) ? { rule, ...(settings && settingsOf === rule ? { settings } : {}) } : {}),
    ...(team ? { team } : {}),
  };
}
