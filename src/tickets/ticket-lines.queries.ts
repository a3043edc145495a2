import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../calendar/calendar.queries.js';
import { Clock } from '../kernel/clock.js';
import { type Day, dayOf } from '../kernel/day.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { TicketRow } from './tickets.types.js';
import { runningLimit, type Say, type TicketLine, ticketLine } from './tickets.views.js';

/** Tickets as pages show them, each with its countdown. */
@Injectable()
export class TicketLines {
  constructor(
    private readonly calendar: CalendarQueries,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  async of(rows: readonly TicketRow[], user: CurrentUser): Promise<TicketLine[]> {
    const now = this.clock.now();
    const days = await this.workingDays(rows, now);
    return rows.map((row) => ticketLine(row, { now, days }, this.sayTo(user)));
  }

  sayTo({ locale }: CurrentUser): Say {
    return (key, params) => this.catalogue.t(locale, key, params);
  }

  /** All that the limits counted in working time still have before them, asked for once. */
  private async workingDays(rows: readonly TicketRow[], now: Date): Promise<Day[]> {
    const left = rows
      .filter(({ limits }) => limits.hours === 'working')
      .map((row) => runningLimit(row, now))
      .filter(({ at, due, ended }) => !ended && at < due);
    if (left.length === 0) return [];
    const [first, last] = [Math.min(...left.map(({ at }) => at.getTime())), Math.max(...left.map(({ due }) => due.getTime()))];
    return this.calendar.workingDaysBetween(dayOf(new Date(first)), dayOf(new Date(last)));
  }
}
