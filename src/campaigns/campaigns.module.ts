import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ContactModule } from '../contact/contact.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { ApprovalRulePagesController } from './approval/approval-rule.pages.controller.js';
import { ApprovalRuleApiController, ApprovalsApiController } from './approval/approvals.api.controller.js';
import { Approvals } from './approval/approvals.commands.js';
import { ApprovalsPagesController } from './approval/approvals.pages.controller.js';
import { ApprovalsQueries } from './approval/approvals.queries.js';
import { AudienceQueries } from './audience.queries.js';
import { AudienceSets } from './audience-sets.queries.js';
import { Building } from './building/building.commands.js';
import { BuildingJobs } from './building/building.jobs.js';
import { BuildingPagesController } from './building/building.pages.controller.js';
import { BuildingQueries } from './building/building.queries.js';
import { BuildingViews } from './building/building.views.js';
import { CampaignLife } from './campaign-life.commands.js';
import { CampaignHeads } from './campaign-heads.views.js';
import { CampaignEntity } from './campaign.entity.js';
import { CampaignsApiController } from './campaigns.api.controller.js';
import { CampaignsCommands } from './campaigns.commands.js';
import { CampaignsJobs } from './campaigns.jobs.js';
import { CampaignsPagesController } from './campaigns.pages.controller.js';
import { CampaignsPersonalData } from './campaigns-personal-data.commands.js';
import { CampaignsQueries } from './campaigns.queries.js';
import { DraftsApiController } from './drafts.api.controller.js';
import { Drafts } from './drafts.commands.js';
import { DraftsPagesController } from './drafts.pages.controller.js';
import { ExperimentQueries } from './experiment/experiment.queries.js';
import { UpliftApiController } from './experiment/uplift.api.controller.js';
import { UpliftPagesController } from './experiment/uplift.pages.controller.js';
import { VariantsPagesController } from './experiment/variants.pages.controller.js';
import { CampaignListExport } from './list/list.exports.js';
import { TaskListPagesController } from './list/task-list.pages.controller.js';
import { TaskLists } from './list/task-list.queries.js';
import { Freezing } from './freezing.commands.js';
import { LaunchedList } from './launched-list.queries.js';
import { MergedAudiences } from './merged-audiences.commands.js';
import { StepWords } from './step-words.types.js';
import { WavesApiController } from './waves/waves.api.controller.js';
import { Waves } from './waves/waves.commands.js';
import { WavesPagesController } from './waves/waves.pages.controller.js';
import { ScriptFieldsQueries } from './script/script-fields.queries.js';
import { WavesQueries } from './waves/waves.queries.js';
import { AudiencePagesController } from './wizard/audience.pages.controller.js';
import { DetailsPagesController } from './wizard/details.pages.controller.js';
import { LaunchPagesController } from './wizard/launch.pages.controller.js';
import { PolicyPagesController } from './wizard/policy.pages.controller.js';
import { HistoryPagesController } from './history.pages.controller.js';
import { AudienceRowsController } from './audience-rows.pages.controller.js';
import { AudienceRows } from './audience-rows.queries.js';
import { ScriptPagesController } from './wizard/script.pages.controller.js';
import { Estimates } from './wizard/estimates.queries.js';
import { Previews } from './wizard/preview.queries.js';
import { AudienceBoxes } from './wizard/audience-boxes.queries.js';
import { WizardQueries } from './wizard/wizard.queries.js';

@Module({
  imports: [TypeOrmModule.forFeature([CampaignEntity]), CustomersModule, ContactModule, SegmentsModule],
  controllers: [
    CampaignsApiController,
    UpliftApiController,
    DraftsApiController,
    DetailsPagesController,
    AudiencePagesController,
    ScriptPagesController,
    VariantsPagesController,
    LaunchPagesController,
    PolicyPagesController,
    AudienceRowsController,
    HistoryPagesController,
    BuildingPagesController,
    UpliftPagesController,
    ApprovalsApiController,
    ApprovalRuleApiController,
    ApprovalsPagesController,
    ApprovalRulePagesController,
    WavesApiController,
    WavesPagesController,
    DraftsPagesController,
    TaskListPagesController,
    CampaignsPagesController,
  ],
  providers: [
    CampaignsQueries,
    LaunchedList,
    Approvals,
    ApprovalsQueries,
    StepWords,
    Freezing,
    Building,
    BuildingJobs,
    BuildingQueries,
    BuildingViews,
    Waves,
    WavesQueries,
    AudienceQueries,
    AudienceRows,
    AudienceSets,
    ExperimentQueries,
    Estimates,
    Previews,
    Drafts,
    CampaignLife,
    CampaignHeads,
    CampaignsCommands,
    CampaignsJobs,
    MergedAudiences,
    CampaignsPersonalData,
    AudienceBoxes,
    WizardQueries,
    ScriptFieldsQueries,
    CampaignListExport,
    TaskLists,
  ],
  exports: [CampaignsQueries, CampaignsCommands, AudienceQueries, AudienceSets, Estimates, StepWords, Waves],
})
export class CampaignsModule implements OnModuleInit {
  constructor(private readonly commands: CampaignsCommands) {}

  async onModuleInit(): Promise<void> {
    await this.commands.ensureDailyCare();
  }
}
