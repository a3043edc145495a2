import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf, isDay, lastDayOfMonth } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CalendarQueries } from '../calendar.queries.js';
import { endingOf, OLDEST_DAYS } from './absence.policy.js';
import { AbsencesQueries } from './absences.queries.js';
import type { RotaAsked } from './rota.forms.js';
import { RotaQueries } from './rota.queries.js';
import { PARTS } from './rota.types.js';
import { absencesView, gridView, monthAsked, monthView, personView, weekView } from './rota.views.js';

/** Weeks shown of one's own past on the page of one's absences. */
const OWN_PAST_DAYS = 92;
/** What a page offers between nothing and all of a day. */
const SHARES = ['100', '50', '0'];
const OFFICIAL_WEEK = [100, 100, 100, 100, 100, 0, 0];

/** All that the pages of rota and absences show. */
@Injectable()
export class RotaPages {
  constructor(
    private readonly clock: Clock,
    private readonly calendar: CalendarQueries,
    private readonly rota: RotaQueries,
    private readonly absences: AbsencesQueries,
    private readonly staff: StaffQueries,
  ) {}

  /** @throws DomainError not_found for a team out of scope */
  async team(user: CurrentUser, asked: RotaAsked): Promise<object> {
    const { today, first, last } = this.month(asked);
    const teamPath = asked.team ? (await this.staff.orgUnit(user, asked.team)).path : undefined;
    const page = await this.rota.people(user, { teamPath, cursor: asked.cursor });
    const ids = page.items.map(({ id }) => id);
    const [days, cells, totals, absences, units, kinds, managers] = await Promise.all([
      this.calendar.days(first, last),
      this.rota.cells(ids, first, last),
      this.rota.totals(user, { teamPath }, [first, last]),
      this.absences.within(user, [first, last], { teamPath }),
      this.staff.orgUnits(user),
      this.rota.kinds(),
      this.staff.activeManagers(user),
    ]);
    return {
      ...monthView(first),
      ...gridView({ days, people: page.items, cells, totals, today }),
      next: page.nextCursor,
      team: asked.team,
      units: units.filter((unit) => unit.active),
      absences: absencesView(absences.items, today),
      cutAfter: absences.nextCursor ? absences.items.length : null,
      ...this.form(user, { kinds, managers, today }),
      mayAdmin: user.role === 'admin',
    };
  }

  /** Who is at work on one day: the rows of a sum below the month. @throws DomainError not_found for a team out of scope · day_format */
  async day(user: CurrentUser, day: Day, team?: string): Promise<object> {
    if (!isDay(day)) throw new DomainError('day_format', { param: 'day' });
    const unit = team ? await this.staff.orgUnit(user, team) : undefined;
    const rows = await this.rota.atWork(user, { teamPath: unit?.path }, day);
    return { day, month: day.slice(0, 7), team, unitName: unit?.name, rows, calls: rows.reduce((sum, one) => sum + one.calls, 0) };
  }

  /** Who works in a month, and how much: the rows of its grand total. @throws DomainError not_found for a team out of scope */
  async whole(user: CurrentUser, asked: RotaAsked): Promise<object> {
    const { first, last } = this.month(asked);
    const unit = asked.team ? await this.staff.orgUnit(user, asked.team) : undefined;
    const rows = await this.rota.months(user, { teamPath: unit?.path }, [first, last]);
    return { ...monthView(first), team: asked.team, unitName: unit?.name, rows, calls: rows.reduce((sum, one) => sum + one.calls, 0) };
  }

  /** @throws DomainError not_found */
  async person(user: CurrentUser, username: string, asked: RotaAsked): Promise<object> {
    const person = await this.staff.user(user, username);
    const { today, first, last } = this.month(asked);
    const [days, facts, absences, kinds, managers] = await Promise.all([
      this.calendar.days(first, last),
      this.rota.facts(person.id, first, last),
      this.absences.of(person.id, addDays(today, -OWN_PAST_DAYS)),
      this.rota.kinds(),
      this.staff.activeManagers(user),
    ]);
    const single = facts.days.find((one) => one.day === asked.day);
    return {
      ...monthView(first),
      person,
      days: personView(days, facts, today),
      chosen: { day: asked.day ?? '', share: single ? String(single.share) : '' },
      pattern: facts.patterns[0],
      shares: SHARES,
      weekdays: weekView(facts.patterns[0]?.shares ?? OFFICIAL_WEEK),
      absences: absencesView(absences, today),
      ...this.form(user, { kinds, managers: managers.filter((one) => one.id !== person.id), today }),
    };
  }

  /** One's own absences. */
  async own(user: CurrentUser): Promise<object> {
    const today = dayOf(this.clock.now());
    const [absences, kinds, people] = await Promise.all([
      this.absences.of(user.id, addDays(today, -OWN_PAST_DAYS)),
      this.rota.kinds(),
      user.role === 'manager' ? this.staff.activeManagers(user) : this.staff.users(user),
    ]);
    const managers = people.filter((one) => one.active && one.id !== user.id);
    return { absences: absencesView(absences, today), ...this.form(user, { kinds, managers, today }), earliest: today, own: true };
  }

  /** What follows when an absence is taken back, to be read before. @throws DomainError not_found */
  async ending(user: CurrentUser, username: string, id: string): Promise<object> {
    const absence = await this.absences.one(user, username, id);
    const ending = endingOf(absence, dayOf(this.clock.now()));
    const kind = ending === 'over' ? 'over' : 'lastDay' in ending ? 'short' : 'cancel';
    return { absence, ending: kind, lastDay: typeof ending === 'object' && 'lastDay' in ending ? ending.lastDay : null };
  }

  private form(user: CurrentUser, { today, ...lists }: { kinds: object[]; managers: object[]; today: Day }): object {
    return { ...lists, parts: PARTS, today, earliest: addDays(today, -OLDEST_DAYS), mayEdit: user.role === 'supervisor' || user.role === 'admin' };
  }

  private month(asked: RotaAsked): { today: Day; first: Day; last: Day } {
    const today = dayOf(this.clock.now());
    const first = monthAsked(asked.month, today);
    return { today, first, last: lastDayOfMonth(first) };
  }
}
