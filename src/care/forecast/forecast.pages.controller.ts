import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { isRuleCode } from '../care.types.js';
import { RULES } from '../rules/rule-list.policy.js';
import { FORECAST_DAYS, type ForecastForm } from './forecast.forms.js';
import { ForecastQueries } from './forecast.queries.js';
import { dayLines, differenceOf, differenceView, heatOf, overLines, totalsOf } from './forecast.views.js';

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
      const unpublished = await this.calendar.unpublishedWithin(forecast.from, forecast.until);
      await reply.view(VIEW, {
        ...(await filters()),
        until: forecast.until,
        unpublished: unpublished.map(String),
        totals: totalsOf(forecast),
        heat: heatOf(forecast, unpublished),
        days: dayLines(forecast),
        over: overLines(forecast),
        difference: differenceView(differenceOf(forecast)),
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: VIEW, context: filters }, error);
    }
  }

  private async choices(user: CurrentUser): Promise<object> {
    return {
      spans: SPANS,
      rules: RULES.filter(({ available }) => available).map(({ code }) => code),
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
