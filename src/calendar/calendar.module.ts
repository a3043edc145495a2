import { Module, type OnModuleInit } from '@nestjs/common';
import { CalendarAdminPagesController } from './calendar-admin.pages.controller.js';
import { CalendarApiController } from './calendar.api.controller.js';
import { CalendarCommands } from './calendar.commands.js';
import { CalendarPage } from './calendar-page.queries.js';
import { CalendarPagesController } from './calendar.pages.controller.js';
import { CalendarQueries } from './calendar.queries.js';
import { MarksCommands } from './marks.commands.js';
import { MarksQueries } from './marks.queries.js';
import { NoticeCommands } from './notice/notice.commands.js';
import { AbsencesCommands } from './rota/absences.commands.js';
import { AbsencesQueries } from './rota/absences.queries.js';
import { OwnAbsencesPagesController } from './rota/own-absences.pages.controller.js';
import { RotaApiController } from './rota/rota.api.controller.js';
import { RotaCommands } from './rota/rota.commands.js';
import { RotaPages } from './rota/rota-page.queries.js';
import { RotaPagesController } from './rota/rota.pages.controller.js';
import { RotaQueries } from './rota/rota.queries.js';
import { YearsCommands } from './years.commands.js';

/** Working days, festivals, solar terms and lunar dates as data; who works when. */
@Module({
  controllers: [
    CalendarApiController,
    CalendarPagesController,
    CalendarAdminPagesController,
    RotaApiController,
    RotaPagesController,
    OwnAbsencesPagesController,
  ],
  providers: [
    ...[YearsCommands, CalendarCommands, CalendarQueries, CalendarPage, NoticeCommands, MarksCommands, MarksQueries],
    ...[RotaCommands, RotaQueries, AbsencesCommands, AbsencesQueries, RotaPages],
  ],
  exports: [CalendarQueries, RotaQueries, AbsencesCommands],
})
export class CalendarModule implements OnModuleInit {
  constructor(private readonly years: YearsCommands) {}

  async onModuleInit(): Promise<void> {
    await this.years.ensureYears();
  }
}
