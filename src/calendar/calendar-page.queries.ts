import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf, isDay } from '../kernel/day.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CalendarQueries } from './calendar.queries.js';
import { MARK_KINDS } from './calendar.types.js';
import { yearView } from './calendar.views.js';
import { MarksQueries } from './marks.queries.js';

/** All of the page of a year, for whoever looks at it. */
@Injectable()
export class CalendarPage {
  constructor(
    private readonly calendar: CalendarQueries,
    private readonly marks: MarksQueries,
    private readonly clock: Clock,
  ) {}

  /** @param asked the year as the address has it; anything else is the present one. `day` fills the form of a day. */
  async year(user: CurrentUser, asked: { year?: string | number | undefined; day?: string | undefined }): Promise<object> {
    const today = dayOf(this.clock.now());
    const year = /^(19|20)\d\d$/.test(String(asked.year)) ? Number(asked.year) : Number(today.slice(0, 4));
    const [from, to] = [`${year}-01-01`, `${year}-12-31`];
    const [days, info, byHand, marks] = await Promise.all([
      this.calendar.days(from, to),
      this.calendar.year(year),
      this.calendar.setByHand(from, to),
      this.marks.marks(user, from, to),
    ]);
    const chosen = days.find((day) => day.day === asked.day && isDay(day.day));
    return {
      ...yearView({ year, info, days, marks, byHand, today, locale: user.locale }),
      kinds: MARK_KINDS,
      seesRota: ['planner', 'supervisor', 'admin'].includes(user.role),
      mayMark: user.role === 'planner' || user.role === 'admin',
      values: chosen ? { day: chosen.day, working: String(chosen.working), name: chosen.name ?? '' } : {},
    };
  }
}
