import { Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CallsModule } from '../calls/calls.module.js';
import { DeskPorts } from '../calls/desk/task-reasons.types.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { CareTaskReasons } from './call-reasons.queries.js';
import { CareFactsQueries } from './care-facts.queries.js';
import { ReplanJobs } from './replan.jobs.js';
import { CarePersonalData } from './care-personal-data.commands.js';
import { CareReferenceCommands } from './care-reference.commands.js';
import { CareRulesCommands } from './care-rules.commands.js';
import { CareRulesQueries } from './care-rules.queries.js';
import { CareApiController } from './care.api.controller.js';
import { CareJobs } from './care.jobs.js';
import { MergedCare } from './merged-care.commands.js';
import { CarePagesController } from './care.pages.controller.js';
import { CareClosingLine } from './closing/closing-line.queries.js';
import { ClosingLinesCommands } from './closing/closing-lines.commands.js';
import { ClosingLinesPagesController } from './closing/closing-lines.pages.controller.js';
import { CoverageRowsController } from './coverage.pages.controller.js';
import { CoverageQueries } from './coverage.queries.js';
import { ExplainPagesController } from './explain.pages.controller.js';
import { ExplanationsQueries } from './explanations.queries.js';
import { OffersModule } from '../offers/offers.module.js';
import { GreetingsApiController } from './greetings/greetings.api.controller.js';
import { GreetingsCommands } from './greetings/greetings.commands.js';
import { GreetingsPagesController } from './greetings/greetings.pages.controller.js';
import { GreetingsQueries } from './greetings/greetings.queries.js';
import { FollowUpCommands } from './follow-ups.commands.js';
import { FollowUpMarks } from './follow-up-marks.queries.js';
import { FollowUpQueries } from './follow-ups.queries.js';
import { LeftMessages } from './left-messages.commands.js';
import { PackageAdvice } from './package-advice.queries.js';
import { AnswersCommands } from './events/answers.commands.js';
import { EventEndings } from './events/event-endings.commands.js';
import { EventListPagesController } from './events/event-list.pages.controller.js';
import { EventPages } from './events/event-pages.queries.js';
import { EventTaskReasons } from './events/event-reasons.queries.js';
import { EventsApiController } from './events/events.api.controller.js';
import { EventsCommands } from './events/events.commands.js';
import { EventsJobs } from './events/events.jobs.js';
import { EventsPagesController } from './events/events.pages.controller.js';
import { EventsQueries } from './events/events.queries.js';
import { InvitationListExport } from './events/invitation-list.exports.js';
import { InvitationsCommands } from './events/invitations.commands.js';
import { BacktestQueries } from './forecast/backtest.queries.js';
import { ForecastApiController } from './forecast/forecast.api.controller.js';
import { LevellingPagesController } from './forecast/levelling.pages.controller.js';
import { LoadCommands } from './forecast/load.commands.js';
import { ForecastPagesController } from './forecast/forecast.pages.controller.js';
import { ForecastContacts } from './forecast/contacts.queries.js';
import { ForecastContactsPagesController } from './forecast/contacts.pages.controller.js';
import { ForecastExport, ForecastRowsExport, MissesExport } from './forecast/forecast.exports.js';
import { MissesPagesController } from './forecast/misses.pages.controller.js';
import { MissesQueries } from './forecast/misses.queries.js';
import { ForecastJobs } from './forecast/forecast.jobs.js';
import { ForecastKeeper } from './forecast/forecast-keeper.commands.js';
import { ForecastRunner } from './forecast/forecast-runner.commands.js';
import { ForecastPace, ForecastsCommands } from './forecast/forecasts.commands.js';
import { StoredForecasts } from './forecast/stored-forecasts.queries.js';
import { ForecastQueries } from './forecast/forecast.queries.js';
import { ListedMisses } from './forecast/listed-misses.commands.js';
import { SimulationBooks } from './forecast/simulation-books.commands.js';
import { SimulationGate } from './forecast/simulation-gate.commands.js';
import { Simulation } from './forecast/simulation.commands.js';
import { BindingCommands } from './planning/binding.commands.js';
import { DueCommands } from './planning/due.commands.js';
import { PlaceCalls } from './planning/place-calls.commands.js';
import { PlanCalls } from './planning/plan-calls.commands.js';
import { PlanJoins } from './planning/plan-joins.commands.js';
import { ForeseenMisses } from './planning/foreseen-misses.commands.js';
import { CrowdedDays } from './planning/crowded-days.commands.js';
import { PlanChunk } from './planning/plan-chunk.commands.js';
import { PlanMessages } from './planning/plan-messages.commands.js';
import { PlanPace, PlanRunner } from './planning/plan-runner.commands.js';
import { PlanRunsCommands } from './planning/plan-runs.commands.js';
import { PlanStart } from './planning/plan-start.commands.js';
import { PlanAgain } from './planning/plan-again.commands.js';
import { Relevel } from './planning/relevel.commands.js';
import { ReplanCommands } from './planning/replan.commands.js';
import { ReplanSuspects } from './planning/replan-suspects.commands.js';
import { PlanRunsQueries } from './planning/plan-runs.queries.js';
import { EntitlementQueries } from './partners/entitlement.queries.js';
import { CustomerOffersPagesController } from './partners/customer-offers.pages.controller.js';
import { PartnerOffersApiController } from './partners/partner-offers.api.controller.js';
import { PartnerOffersCommands } from './partners/partner-offers.commands.js';
import { PartnerOffersPagesController } from './partners/partner-offers.pages.controller.js';
import { PartnerOffersQueries } from './partners/partner-offers.queries.js';
import { PartnerCallOffers, PartnerOfferValue } from './partners/told-offers.queries.js';
import { PlannedPagesController } from './planned.pages.controller.js';
import { RightsNews } from './rights-news.queries.js';
import { RoamingDetailsCommands } from './roaming-details.commands.js';
import { RoamingDetailsJobs } from './roaming-details.jobs.js';
import { PromotionClockQueries } from './promotion-clock.queries.js';
import { PromotionsPagesController } from './promotions.pages.controller.js';
import { CareRulePagesController } from './rule.pages.controller.js';
import { RuleTemplates } from './rule-templates.queries.js';

const PLANNING = [
  BindingCommands,
  DueCommands,
  PlaceCalls,
  PlanAgain,
  PlanCalls,
  PlanJoins,
  CrowdedDays,
  ForeseenMisses,
  LoadCommands,
  PlanChunk,
  PlanMessages,
  PlanPace,
  PlanRunner,
  PlanRunsCommands,
  PlanRunsQueries,
  PlanStart,
  Relevel,
  ReplanCommands,
  ReplanJobs,
  ReplanSuspects,
];

const PARTNERS = [EntitlementQueries, PartnerOffersCommands, PartnerOffersQueries, PartnerCallOffers, PartnerOfferValue];

const FORECAST = [
  BacktestQueries,
  ForecastContacts,
  ForecastExport,
  ForecastJobs,
  ForecastKeeper,
  ForecastPace,
  ForecastQueries,
  ForecastRowsExport,
  ForecastRunner,
  ForecastsCommands,
  ListedMisses,
  MissesExport,
  MissesQueries,
  Simulation,
  SimulationBooks,
  SimulationGate,
  StoredForecasts,
];

const EVENTS = [
  AnswersCommands,
  EventEndings,
  EventPages,
  EventTaskReasons,
  EventsCommands,
  EventsJobs,
  EventsQueries,
  InvitationListExport,
  InvitationsCommands,
];

/** Care programmes: one file a rule, plan runs, explanations, what the desk says of them. */
@Module({
  imports: [CalendarModule, CustomersModule, ContactModule, CampaignsModule, SegmentsModule, CallsModule, MessagingModule, OffersModule],
  controllers: [
    CareApiController,
    ClosingLinesPagesController,
    GreetingsApiController,
    GreetingsPagesController,
    ForecastApiController,
    ForecastContactsPagesController,
    LevellingPagesController,
    ForecastPagesController,
    MissesPagesController,
    CareRulePagesController,
    CarePagesController,
    CoverageRowsController,
    ExplainPagesController,
    PlannedPagesController,
    PromotionsPagesController,
    PartnerOffersApiController,
    PartnerOffersPagesController,
    CustomerOffersPagesController,
    EventsApiController,
    EventsPagesController,
    EventListPagesController,
  ],
  providers: [
    CareClosingLine,
    CareFactsQueries,
    CareJobs,
    MergedCare,
    CarePersonalData,
    CareReferenceCommands,
    CareRulesCommands,
    CareRulesQueries,
    CareTaskReasons,
    CoverageQueries,
    ExplanationsQueries,
    FollowUpCommands,
    FollowUpMarks,
    FollowUpQueries,
    ClosingLinesCommands,
    GreetingsCommands,
    GreetingsQueries,
    LeftMessages,
    PromotionClockQueries,
    PackageAdvice,
    RightsNews,
    RuleTemplates,
    RoamingDetailsCommands,
    RoamingDetailsJobs,
    ...PLANNING,
    ...FORECAST,
    ...PARTNERS,
    ...EVENTS,
  ],
  exports: [FollowUpCommands, FollowUpQueries, CareRulesCommands, CareRulesQueries, PlanRunsCommands, PlanRunsQueries],
})
export class CareModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly desk: DeskPorts,
    private readonly reasons: CareTaskReasons,
    private readonly closingLine: CareClosingLine,
    private readonly marks: FollowUpMarks,
    private readonly reference: CareReferenceCommands,
  ) {}

  onModuleInit(): void {
    this.desk.registerReasons(this.reasons);
    this.desk.registerClosingLine(this.closingLine);
    this.desk.registerMark(this.marks);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.reference.ensure();
  }
}
