import { Module, type OnModuleInit } from '@nestjs/common';
import { CampaignsCommands } from '../campaigns/campaigns.commands.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { DAILY_CARE } from '../campaigns/campaigns.types.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { AdHocBook } from './contacts/ad-hoc-book.commands.js';
import { AttemptBook } from './attempts/attempt-book.commands.js';
import { AttemptMonths } from './attempts/attempt-months.commands.js';
import { AttemptsApiController } from './attempts/attempts.api.controller.js';
import { AttemptsCommands } from './attempts/attempts.commands.js';
import { AttemptsQueries } from './attempts/attempts.queries.js';
import { CallDeskApiController } from './desk/call-desk.api.controller.js';
import { CallDeskCommands } from './desk/call-desk.commands.js';
import { CallHistory } from './history/call-history.commands.js';
import { HistoryConsequences } from './history/history-consequences.commands.js';
import { CallRecordsFeed } from './history/call-records.feeds.js';
import { CallsPersonalData } from './calls-personal-data.commands.js';
import { CallsJobs } from './calls.jobs.js';
import { ClaimFigures } from './claims/claim-figures.js';
import { ClaimQueries } from './claims/claim.queries.js';
import { ClaimRounds } from './claims/claim-rounds.commands.js';
import { CallsWaiting } from './calls-waiting.js';
import { Consequences } from './attempts/consequences.commands.js';
import { ContactsCommands } from './contacts/contacts.commands.js';
import { ContactPagesController } from './contacts/contact.pages.controller.js';
import { CorrectionPagesController } from './corrections/correction.pages.controller.js';
import { CorrectionRecords } from './corrections/correction-records.commands.js';
import { CorrectionsCommands } from './corrections/corrections.commands.js';
import { DispatchApiController } from './dispatch/dispatch.api.controller.js';
import { DispatchEnds } from './dispatch/dispatch-ends.commands.js';
import { DispatchFeed } from './dispatch/dispatch.feeds.js';
import { DispatchIntake } from './dispatch/dispatch-intake.commands.js';
import { DispatchJobs } from './dispatch/dispatch.jobs.js';
import { DispatchLists } from './dispatch/dispatch-lists.commands.js';
import { DispatchPagesController } from './dispatch/dispatch.pages.controller.js';
import { DispatchQueries } from './dispatch/dispatch.queries.js';
import { DispatchReasons } from './dispatch/dispatch-reasons.queries.js';
import { DispatchReturns } from './dispatch/dispatch-returns.commands.js';
import { ReturnsExport } from './dispatch/returns.exports.js';
import { DryRunApiController } from './dry-run/dry-run.api.controller.js';
import { DryRunPagesController } from './dry-run/dry-run.pages.controller.js';
import { DryRuns } from './dry-run/dry-run.queries.js';
import { DryRunReads } from './dry-run/dry-run-reads.queries.js';
import { DeskPage } from './desk/desk-page.queries.js';
import { DeskPagesController } from './desk/desk.pages.controller.js';
import { DeskQueries } from './desk/desk.queries.js';
import { HandoverApiController } from './handover/handover.api.controller.js';
import { HandoverCommands } from './handover/handover.commands.js';
import { HandoverPagesController } from './handover/handover.pages.controller.js';
import { HandoverRows } from './handover/handover-rows.queries.js';
import { HandoverQueries } from './handover/handover.queries.js';
import { TickedApiController } from './handover/ticked.api.controller.js';
import { TickedHandover } from './handover/ticked.commands.js';
import { TickedPagesController } from './handover/ticked.pages.controller.js';
import { TickedQueries } from './handover/ticked.queries.js';
import { HandingAround } from './handover/hand-around.commands.js';
import { ListJobs } from './lists/list.jobs.js';
import { Leases } from './claims/leases.commands.js';
import { ListFilling } from './lists/list-filling.commands.js';
import { OrdersFeed } from './orders/orders.feeds.js';
import { OutcomesCommands } from './outcomes/outcomes.commands.js';
import { OutcomesQueries } from './outcomes/outcomes.queries.js';
import { OutcomeReasonSettings } from './outcomes/outcome-reasons.commands.js';
import { OutcomeReasonsPagesController } from './outcomes/outcome-reasons.pages.controller.js';
import { OutcomeSettingsApiController } from './outcomes/outcome-settings.api.controller.js';
import { OutcomeSettings } from './outcomes/outcome-settings.commands.js';
import { OutcomeSettingsPagesController } from './outcomes/outcome-settings.pages.controller.js';
import { RedialListApiController } from './lists/redial-list.api.controller.js';
import { RedialLists } from './lists/redial-list.commands.js';
import { RedialListPagesController } from './lists/redial-list.pages.controller.js';
import { CtiEvents } from './cti/cti-events.commands.js';
import { CtiJobs } from './cti/cti-work.jobs.js';
import { CtiKeys } from './cti/cti-keys.commands.js';
import { CtiKeysPagesController } from './cti/cti-keys.pages.controller.js';
import { CtiApiController } from './cti/cti.api.controller.js';
import { DialApiController } from './cti/dial.api.controller.js';
import { DialPagesController } from './cti/dial.pages.controller.js';
import { Dials } from './cti/dials.commands.js';
import { LiveCalls } from './cti/live-call.queries.js';
import { SimulatorDialler } from './cti/simulator.dialler.js';
import { TelDialler } from './cti/tel.dialler.js';
import { SlotRates } from './claims/slot-rates.commands.js';
import { AskedOrders } from './orders/asked-orders.queries.js';
import { OrderBook } from './orders/order-book.commands.js';
import { OrderConfirmations } from './orders/order-confirmations.commands.js';
import { OrderSettingsCommands } from './orders/order-settings.commands.js';
import { MergedCalls } from './merged-calls.commands.js';
import { MovedLines } from './moved-lines.commands.js';
import { OrderTerms } from './orders/order-terms.queries.js';
import { OrdersJobs } from './orders/orders.jobs.js';
import { OrdersApiController } from './orders/orders.api.controller.js';
import { OrdersCommands } from './orders/orders.commands.js';
import { OrdersExport } from './orders/orders.exports.js';
import { OrdersPagesController } from './orders/orders.pages.controller.js';
import { OrdersQueries } from './orders/orders.queries.js';
import { Rests } from './claims/rests.commands.js';
import { SwitchFindings } from './switch/switch-findings.commands.js';
import { SwitchLegs } from './switch/switch-legs.commands.js';
import { SwitchMatching } from './switch/switch-matching.commands.js';
import { SwitchRecords } from './switch/switch-records.commands.js';
import { ListLimits } from './lists/list-limits.queries.js';
import { PoolApiController } from './lists/pool.api.controller.js';
import { Pools } from './lists/pool.commands.js';
import { PoolPagesController } from './lists/pool.pages.controller.js';
import { CustomerPromisesPagesController } from './promises/customer-promises.pages.controller.js';
import { PromiseBook } from './promises/promise-book.commands.js';
import { PromiseMoves } from './promises/promise-moves.commands.js';
import { PromisesApiController } from './promises/promises.api.controller.js';
import { PromisesCommands } from './promises/promises.commands.js';
import { PromisesExport } from './promises/promises.exports.js';
import { PromisesJobs } from './promises/promises.jobs.js';
import { PromisesPagesController } from './promises/promises.pages.controller.js';
import { PromisesQueries } from './promises/promises.queries.js';
import { Recycling } from './lists/recycling.commands.js';
import { StandIns } from './handover/stand-in.commands.js';
import { StandInJobs } from './handover/stand-in.jobs.js';
import { TaskReasonsQueries } from './desk/task-reasons.queries.js';
import { StandInPorts } from './handover/stand-in.types.js';
import { DeskPorts } from './desk/task-reasons.types.js';
import { TaskSheets } from './desk/task-sheet.queries.js';
import { TasksCommands } from './tasks/tasks.commands.js';
import { TasksQueries } from './tasks/tasks.queries.js';
import { TodayPagesController } from './desk/today.pages.controller.js';
import { TodayQueries } from './desk/today.queries.js';

/** Call tasks, claims, attempts, outcomes, callbacks, orders, the call desk. */
@Module({
  imports: [StaffModule, CalendarModule, CustomersModule, ContactModule, SegmentsModule, CampaignsModule],
  controllers: [
    CallDeskApiController,
    AttemptsApiController,
    DeskPagesController,
    ContactPagesController,
    CorrectionPagesController,
    TodayPagesController,
    HandoverApiController,
    HandoverPagesController,
    TickedApiController,
    TickedPagesController,
    DispatchApiController,
    DispatchPagesController,
    DryRunApiController,
    DryRunPagesController,
    RedialListApiController,
    RedialListPagesController,
    PoolApiController,
    PoolPagesController,
    CtiApiController,
    CtiKeysPagesController,
    DialApiController,
    DialPagesController,
    OrdersApiController,
    OrdersPagesController,
    PromisesApiController,
    PromisesPagesController,
    CustomerPromisesPagesController,
    OutcomeSettingsApiController,
    OutcomeSettingsPagesController,
    OutcomeReasonsPagesController,
  ],
  providers: [
    CallsWaiting,
    MergedCalls,
    MovedLines,
    AdHocBook,
    AttemptBook,
    AttemptMonths,
    AttemptsCommands,
    CallsPersonalData,
    AttemptsQueries,
    CallDeskCommands,
    ClaimFigures,
    CallHistory,
    HistoryConsequences,
    CallRecordsFeed,
    CallsJobs,
    ClaimQueries,
    ClaimRounds,
    Consequences,
    ContactsCommands,
    CorrectionRecords,
    CorrectionsCommands,
    CtiEvents,
    CtiJobs,
    CtiKeys,
    DeskPage,
    DeskPorts,
    StandInPorts,
    DeskQueries,
    Dials,
    DispatchEnds,
    DispatchFeed,
    DispatchIntake,
    DispatchJobs,
    DispatchLists,
    DispatchQueries,
    DispatchReasons,
    DispatchReturns,
    DryRunReads,
    DryRuns,
    HandoverCommands,
    HandoverQueries,
    HandoverRows,
    TickedHandover,
    TickedQueries,
    ListFilling,
    ListJobs,
    ListLimits,
    Pools,
    Recycling,
    HandingAround,
    Leases,
    LiveCalls,
    AskedOrders,
    OrderBook,
    OrderConfirmations,
    OrderSettingsCommands,
    OrderTerms,
    OrdersCommands,
    OrdersExport,
    OrdersFeed,
    OrdersJobs,
    OrdersQueries,
    OutcomeReasonSettings,
    OutcomeSettings,
    OutcomesCommands,
    OutcomesQueries,
    PromiseBook,
    PromiseMoves,
    PromisesCommands,
    PromisesExport,
    PromisesJobs,
    PromisesQueries,
    RedialLists,
    Rests,
    ReturnsExport,
    SimulatorDialler,
    SlotRates,
    SwitchFindings,
    SwitchLegs,
    SwitchMatching,
    SwitchRecords,
    StandInJobs,
    StandIns,
    TaskReasonsQueries,
    TaskSheets,
    TasksCommands,
    TasksQueries,
    TelDialler,
    TodayQueries,
  ],
  exports: [
    AskedOrders,
    AttemptsQueries,
    CallDeskCommands,
    AttemptsCommands,
    CorrectionsCommands,
    ContactsCommands,
    DeskPorts,
    MovedLines,
    StandInPorts,
    StandIns,
    OrderConfirmations,
    OutcomesQueries,
    TasksCommands,
    TasksQueries,
  ],
})
export class CallsModule implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outcomes: OutcomesCommands,
    private readonly months: AttemptMonths,
    private readonly campaigns: CampaignsCommands,
  ) {}

  /** What a new system starts with; nothing is written when it stands there already. */
  async onModuleInit(): Promise<void> {
    await this.outcomes.ensureDefaults();
    await this.months.ensureAhead(this.clock.now());
    await this.db.tx((tx) => this.campaigns.ensureStanding(tx, { code: DAILY_CARE, name: '日常维系', kind: 'care' }));
  }
}
