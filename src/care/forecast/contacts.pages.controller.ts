import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { isDay } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ForecastContacts } from './contacts.queries.js';
import { contactCounts, contactLine } from './contacts.views.js';
import type { ContactsForm } from './forecast.forms.js';
import { ForecastQueries } from './forecast.queries.js';

/** Contacts on a page; the export has all. */
const SHOWN = 200;

type Typed = Record<string, string | undefined>;

@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('care/forecast/contacts')
export class ForecastContactsPagesController {
  constructor(
    private readonly forecasts: ForecastQueries,
    private readonly contacts: ForecastContacts,
  ) {}

  /** The contacts behind a figure: of a day, a manager, a rule. */
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Typed, @Res() reply: FastifyReply): Promise<void> {
    const form = contactsForm(query);
    if (!form.forecast && !(await this.forecasts.newest(user))) return void (await reply.redirect('/care/forecast', 303)); // computes the first
    const stored = await this.forecasts.chosen(user, form.forecast);
    const ask = { ...form, forecast: stored.id };
    const [rows, found, rules] = await Promise.all([
      this.contacts.list(user, ask, SHOWN),
      this.contacts.count(user, ask),
      this.contacts.byRule(user, ask),
    ]);
    await reply.view('care/forecast-contacts', {
      ask,
      owner: form.owner && rows[0]?.manager,
      computedAt: stored.finishedAt,
      found,
      more: found > SHOWN,
      rows: rows.map(contactLine),
      rules: contactCounts(rules),
      exportHref: exportHref('care-forecast-rows', { ...ask }),
    });
  }
}

const text = (value: string | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value.slice(0, 64) : undefined);

function contactsForm(query: Typed): ContactsForm {
  const day = (name: string): Record<string, string> => (isDay(query[name] ?? '') ? { [name]: query[name] ?? '' } : {});
  const [forecast, owner, team, rule] = ['forecast', 'owner', 'team', 'rule'].map((name) => text(query[name]));
  return {
    ...(forecast && /^\d{1,18}$/.test(forecast) ? { forecast } : {}),
    ...day('day'),
    ...day('from'),
    ...day('until'),
    ...(owner ? { owner } : {}),
    ...(team ? { team } : {}),
    ...(rule ? { rule } : {}),
    ...(query.channel === 'call' || query.channel === 'sms' ? { channel: query.channel } : {}),
    ...(query.how === 'own' || query.how === 'along' ? { how: query.how } : {}),
  };
}
