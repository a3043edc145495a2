import { Module, type OnModuleInit } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CallsModule } from '../calls/calls.module.js';
import { CareModule } from '../care/care.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { Chrome } from '../platform/http/chrome.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CallTicketsPagesController } from './call-tickets.pages.controller.js';
import { CustomerTicketsPagesController } from './customer-tickets.pages.controller.js';
import { LimitsCommands } from './limits.commands.js';
import { LimitsPagesController } from './limits.pages.controller.js';
import { LimitsQueries } from './limits.queries.js';
import { MergedTickets } from './merged-tickets.commands.js';
import { SearchPagesController } from './search.pages.controller.js';
import { TicketBook } from './ticket-book.commands.js';
import { TicketClock } from './ticket-clock.commands.js';
import { TicketLines } from './ticket-lines.queries.js';
import { TicketPage } from './ticket-page.queries.js';
import { TicketSteps } from './ticket-steps.commands.js';
import { TicketsPersonalData } from './tickets-personal-data.commands.js';
import { TicketsApiController } from './tickets.api.controller.js';
import { TicketsCommands } from './tickets.commands.js';
import { TicketsExport } from './tickets.exports.js';
import { TicketsJobs } from './tickets.jobs.js';
import { TicketsPagesController } from './tickets.pages.controller.js';
import { TicketsQueries } from './tickets.queries.js';
import { listHref, waitingFor } from './tickets.views.js';

/** What customers want to have settled, the time it may take, and who has it. */
@Module({
  imports: [CalendarModule, CallsModule, CareModule, ContactModule, CustomersModule],
  // the limits before the tickets: their address would be a number otherwise
  controllers: [
    TicketsApiController,
    LimitsPagesController,
    TicketsPagesController,
    CustomerTicketsPagesController,
    CallTicketsPagesController,
    SearchPagesController,
  ],
  providers: [
    LimitsCommands,
    LimitsQueries,
    MergedTickets,
    TicketBook,
    TicketClock,
    TicketLines,
    TicketPage,
    TicketSteps,
    TicketsCommands,
    TicketsExport,
    TicketsJobs,
    TicketsPersonalData,
    TicketsQueries,
  ],
  exports: [TicketsCommands, TicketSteps],
})
export class TicketsModule implements OnModuleInit {
  constructor(
    private readonly chrome: Chrome,
    private readonly tickets: TicketsQueries,
  ) {}

  /** The rail says how many wait. */
  onModuleInit(): void {
    this.chrome.add(async ({ viewer }) => {
      if (!viewer || !['manager', 'supervisor'].includes(viewer.role)) return {};
      const waiting = waitingFor(viewer as CurrentUser);
      return {
        badges: { tickets: await this.tickets.count(viewer as CurrentUser, waiting) },
        waitingAt: viewer.role === 'manager' ? {} : { tickets: listHref(waiting) },
      };
    });
  }
}
