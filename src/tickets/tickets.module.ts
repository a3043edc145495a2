import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CareModule } from '../care/care.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { LimitsCommands } from './limits.commands.js';
import { LimitsQueries } from './limits.queries.js';
import { TicketBook } from './ticket-book.commands.js';
import { TicketSteps } from './ticket-steps.commands.js';
import { TicketsPersonalData } from './tickets-personal-data.commands.js';
import { TicketsApiController } from './tickets.api.controller.js';
import { TicketsCommands } from './tickets.commands.js';
import { TicketsJobs } from './tickets.jobs.js';
import { TicketsQueries } from './tickets.queries.js';

/** What customers want to have settled, the time it may take, and who has it. */
@Module({
  imports: [CalendarModule, CareModule, ContactModule, CustomersModule],
  controllers: [TicketsApiController],
  providers: [LimitsCommands, LimitsQueries, TicketBook, TicketSteps, TicketsCommands, TicketsJobs, TicketsPersonalData, TicketsQueries],
})
export class TicketsModule {}
