import { Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { CallsModule } from '../calls/calls.module.js';
import { DeskPorts } from '../calls/desk/task-reasons.types.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { Chrome } from '../platform/http/chrome.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { AnalysisApiController } from './analysis/analysis.api.controller.js';
import { AnalysisExport } from './analysis/analysis.exports.js';
import { AnalysisPagesController } from './analysis/analysis.pages.controller.js';
import { AnalysisQueries } from './analysis/analysis.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CallByRank } from './cases/call-by-rank.commands.js';
import { CaseCalls } from './cases/case-calls.commands.js';
import { CaseOffers } from './cases/case-offers.queries.js';
import { CasePage } from './cases/case-page.queries.js';
import { CaseParts } from './cases/case-parts.queries.js';
import { CaseTaskReasons } from './cases/case-reasons.queries.js';
import { CaseScript } from './cases/case-script.queries.js';
import { CaseSteps } from './cases/case-steps.commands.js';
import { CaseTasks } from './cases/case-tasks.commands.js';
import { CasesApiController } from './cases/cases.api.controller.js';
import { CasesCommands } from './cases/cases.commands.js';
import { CasesExport } from './cases/cases.exports.js';
import { CasesPagesController } from './cases/cases.pages.controller.js';
import { CasesQueries } from './cases/cases.queries.js';
import { FollowUps } from './cases/follow-ups.commands.js';
import { MeasuresCommands } from './cases/measures.commands.js';
import { MergedCases } from './cases/merged-cases.commands.js';
import { OpeningCommands } from './cases/opening.commands.js';
import { PortOutsApiController } from './cases/port-outs.api.controller.js';
import { PortOuts } from './cases/port-outs.commands.js';
import { RanksCommands } from './cases/ranks.commands.js';
import { SignsCommands } from './cases/signs.commands.js';
import { StoppingCommands } from './cases/stopping.commands.js';
import { TaskCasePagesController } from './cases/task-case.pages.controller.js';
import { ChurnIntentFeed, ChurnScoresFeed } from './churn.feeds.js';
import { HealthApiController } from './health/health.api.controller.js';
import { HealthRulesCommands } from './health/health-rules.commands.js';
import { HealthRulesPagesController } from './health/health-rules.pages.controller.js';
import { HealthRulesQueries } from './health/health-rules.queries.js';
import { HealthCommands } from './health/health.commands.js';
import { HealthPagesController } from './health/health.pages.controller.js';
import { HealthQueries } from './health/health.queries.js';
import { ModelsApiController } from './model/models.api.controller.js';
import { ModelsCommands } from './model/models.commands.js';
import { ModelsPage } from './model/models-page.queries.js';
import { ModelsPagesController } from './model/models.pages.controller.js';
import { ModelsQueries } from './model/models.queries.js';
import { ModelScoresExport } from './model/scores.exports.js';
import { ScoringCommands } from './model/scoring.commands.js';
import { ScoresQueries } from './model/scores.queries.js';
import { RetentionPersonalData } from './retention-personal-data.commands.js';
import { RetentionReference } from './retention-reference.commands.js';
import { RetentionJobs } from './retention.jobs.js';
import { RetentionSettingsQueries } from './setup/settings.queries.js';
import { SetupPage } from './setup/setup-page.queries.js';
import { SetupCommands } from './setup/setup.commands.js';
import { SetupPagesController } from './setup/setup.pages.controller.js';
import { SetupQueries } from './setup/setup.queries.js';

const CASES = [
  CallByRank,
  CaseCalls,
  CaseOffers,
  CasePage,
  CaseParts,
  CaseScript,
  CaseSteps,
  CaseTaskReasons,
  CaseTasks,
  CasesCommands,
  CasesExport,
  CasesQueries,
  FollowUps,
  MeasuresCommands,
  MergedCases,
  OpeningCommands,
  PortOuts,
  RanksCommands,
  SignsCommands,
  StoppingCommands,
];
const ANALYSIS = [AnalysisExport, AnalysisQueries];
const HEALTH = [HealthCommands, HealthQueries, HealthRulesCommands, HealthRulesQueries];
const MODELS = [ModelsPage, ModelsQueries, ModelsCommands, ScoresQueries, ScoringCommands, ModelScoresExport];
const SETUP = [RetentionSettingsQueries, SetupCommands, SetupPage, SetupQueries];

/** Customers who asked to leave or are likely to. */
@Module({
  imports: [CallsModule, CampaignsModule, ContactModule, CustomersModule, SegmentsModule],
  controllers: [
    ModelsApiController,
    ModelsPagesController,
    SetupPagesController,
    AnalysisApiController,
    AnalysisPagesController,
    CasesApiController,
    CasesPagesController,
    PortOutsApiController,
    TaskCasePagesController,
    HealthApiController,
    HealthPagesController,
    HealthRulesPagesController,
  ],
  providers: [
    ChurnIntentFeed,
    ChurnScoresFeed,
    RetentionJobs,
    RetentionPersonalData,
    RetentionReference,
    ...CASES,
    ...ANALYSIS,
    ...HEALTH,
    ...MODELS,
    ...SETUP,
  ],
  exports: [HealthCommands, SignsCommands],
})
export class RetentionModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly desk: DeskPorts,
    private readonly reasons: CaseTaskReasons,
    private readonly script: CaseScript,
    private readonly reference: RetentionReference,
    private readonly chrome: Chrome,
    private readonly cases: CasesQueries,
  ) {}

  /** The rail says how many first calls are late, and for supervisors what waits for their word. */
  onModuleInit(): void {
    this.chrome.add(async ({ viewer }) => {
      if (!viewer || !['manager', 'supervisor'].includes(viewer.role)) return {};
      return { badges: { retention: await this.cases.waiting(viewer as CurrentUser) } };
    });
    this.desk.registerReasons(this.reasons);
    this.desk.registerScript(this.script);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.reference.ensure();
  }
}
