import { Module, type OnModuleInit } from '@nestjs/common';
import { CalendarApiController } from './calendar.api.controller.js';
import { CalendarCommands } from './calendar.commands.js';
import { CalendarPagesController } from './calendar.pages.controller.js';
import { CalendarQueries } from './calendar.queries.js';

/** Working days, festivals, solar terms and lunar dates as data. */
@Module({
  controllers: [CalendarApiController, CalendarPagesController],
  providers: [CalendarCommands, CalendarQueries],
  exports: [CalendarCommands, CalendarQueries],
})
export class CalendarModule implements OnModuleInit {
  constructor(private readonly commands: CalendarCommands) {}

  async onModuleInit(): Promise<void> {
    await this.commands.ensureYears();
  }
}
