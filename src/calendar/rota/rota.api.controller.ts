import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Page } from '../../kernel/cursor.js';
import { addDays, type Day, dayOf, daysBetween } from '../../kernel/day.js';
import { InvalidInput } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AbsencesCommands } from './absences.commands.js';
import { AbsencesQueries } from './absences.queries.js';
import { AbsenceForm, AbsenceKindForm, RotaDaysForm, RotaPatternForm, RotaQuery } from './rota.forms.js';
import { RotaCommands } from './rota.commands.js';
import { RotaQueries } from './rota.queries.js';
import { type AbsenceKind, type AbsenceRow, STAFF } from './rota.types.js';

const MOST_DAYS = 92;
const USUAL_DAYS = 31;

@Controller('api/v1')
export class RotaApiController {
  constructor(
    private readonly commands: RotaCommands,
    private readonly absences: AbsencesCommands,
    private readonly queries: RotaQueries,
    private readonly absenceQueries: AbsencesQueries,
    private readonly staff: StaffQueries,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** The managers of the scope by team and name, each with every day: percent rostered, percent left by absences, calls. */
  @Roles('supervisor', 'planner')
  @Get('rota')
  async rota(@Query() query: RotaQuery, @CurrentUser() user: CurrentUser): Promise<object> {
    const [from, to] = this.range(query);
    const teamPath = await this.teamPath(user, query.team);
    const { items, nextCursor } = await this.queries.people(user, { teamPath, cursor: query.cursor, limit: query.limit });
    const cells = await this.queries.cells(
      items.map(({ id }) => id),
      from,
      to,
    );
    return {
      from,
      to,
      items: items.map(({ id, ...person }) => ({ ...person, days: (cells.get(id) ?? []).map(({ userId: _, deputyId: __, ...day }) => day) })),
      nextCursor,
    };
  }

  /** Sets single days of a person; `share` null: as week and calendar have it. */
  @Roles('supervisor')
  @HttpCode(204)
  @Put('users/:username/rota/days')
  async setDays(@Param('username') username: string, @Body() form: RotaDaysForm, @CurrentUser() user: CurrentUser): Promise<void> {
    await this.commands.setDays(user, username, form.days);
  }

  /** Sets the week of a person from a day on. */
  @Roles('supervisor')
  @HttpCode(204)
  @Put('users/:username/rota/week')
  async setWeek(@Param('username') username: string, @Body() form: RotaPatternForm, @CurrentUser() user: CurrentUser): Promise<void> {
    await this.commands.setPattern(user, username, form);
  }

  /** Who is away between two days, in the scope or a unit of it. */
  @Roles('supervisor', 'planner')
  @Get('absences')
  async listAbsences(@Query() query: RotaQuery, @CurrentUser() user: CurrentUser): Promise<Page<AbsenceRow>> {
    const teamPath = await this.teamPath(user, query.team);
    return this.absenceQueries.within(user, this.range(query), { teamPath, cursor: query.cursor, limit: query.limit });
  }

  /**
   * Notes an absence: one's own, or as a supervisor somebody's. With a deputy the open tasks of its days go to them. `warnings` tell what should be
   * looked at, such as a deputy who is away too.
   */
  @Roles(...STAFF)
  @Post('users/:username/absences')
  async addAbsence(@Param('username') username: string, @Body() form: AbsenceForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const { id, lossPercent, warnings } = await this.absences.add(user, username, form);
    const told = warnings.map((one) => ({ ...one, message: this.catalogue.t(user.locale, `absence.warning.${one.code}`, one.params) }));
    return { id, username, ...form, part: form.part ?? 'day', lossPercent, warnings: told };
  }

  /** Calls an absence off, or cuts it short by yesterday; what its deputy has not done comes back. */
  @Roles(...STAFF)
  @HttpCode(204)
  @Delete('users/:username/absences/:id')
  async endAbsence(@Param('username') username: string, @Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<void> {
    await this.absences.end(user, username, id);
  }

  /** What each kind of absence costs unless it says otherwise. */
  @Roles(...STAFF)
  @Get('absence-kinds')
  async kinds(): Promise<{ items: AbsenceKind[] }> {
    return { items: await this.queries.kinds() };
  }

  @Roles()
  @HttpCode(204)
  @Put('absence-kinds/:code')
  async setKind(@Param('code') code: string, @Body() form: AbsenceKindForm, @CurrentUser() user: CurrentUser): Promise<void> {
    await this.commands.setKind(user, code, form.lossPercent);
  }

  private range({ from, to }: RotaQuery): [Day, Day] {
    const first = from ?? dayOf(this.clock.now());
    const last = to ?? addDays(first, USUAL_DAYS - 1);
    if (last < first) throw new InvalidInput([{ param: 'to', code: 'day_reversed' }]);
    if (daysBetween(first, last) >= MOST_DAYS) throw new InvalidInput([{ param: 'to', code: 'too_many_days', params: { days: MOST_DAYS } }]);
    return [first, last];
  }

  private async teamPath(user: CurrentUser, code: string | undefined): Promise<string | undefined> {
    return code ? (await this.staff.orgUnit(user, code)).path : undefined;
  }
}
