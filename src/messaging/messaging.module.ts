import { Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Chrome } from '../platform/http/chrome.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CallsModule } from '../calls/calls.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { AnswersCommands } from './sending/answers.commands.js';
import { ArchivedBlasts } from './archive/archived-blasts.queries.js';
import { ArchivedPeople } from './archive/archived-people.commands.js';
import { MessageArchive } from './archive/message-archive.commands.js';
import { BlastIntents } from './sending/blast-intents.commands.js';
import { BlastPagesQueries } from './blasts/blast-pages.queries.js';
import { BLAST_UPKEEP, BLAST_UPKEEP_CONTROLLERS } from './blasts/blast-upkeep.js';
import { BlastApprovalsApiController } from './approval/approvals.api.controller.js';
import { BlastApprovals } from './approval/approvals.commands.js';
import { BlastApprovalsPagesController } from './approval/approvals.pages.controller.js';
import { BlastApprovalsQueries } from './approval/approvals.queries.js';
import { ApprovalPages } from './approval/approval-pages.queries.js';
import { BlastContentQueries } from './blasts/blast-content.queries.js';
import { BlastLaunch, StartConditions } from './blasts/blast-launch.commands.js';
import { BlastStartCommands } from './blasts/blast-start.commands.js';
import { DraftPages } from './blasts/draft-pages.queries.js';
import { BlastsApiController } from './blasts/blasts.api.controller.js';
import { BlastParts, BlastsCommands } from './blasts/blasts.commands.js';
import { BlastsPagesController } from './blasts/blasts.pages.controller.js';
import { FormLookPagesController } from './blasts/form-look.pages.controller.js';
import { FormLook } from './blasts/form-look.queries.js';
import { BlastsQueries } from './blasts/blasts.queries.js';
import { DoubtsCommands } from './doubts/doubts.commands.js';
import { BlastFiguresApiController } from './figures/blast-figures.api.controller.js';
import { BlastFiguresExport } from './figures/blast-figures.exports.js';
import { BlastFiguresPagesController } from './figures/blast-figures.pages.controller.js';
import { BlastFiguresQueries } from './figures/blast-figures.queries.js';
import { BlastRuleCommands } from './figures/blast-rule.commands.js';
import { BlastRuleQueries } from './figures/blast-rule.queries.js';
import { BlastSettingsPagesController } from './figures/blast-settings.pages.controller.js';
import { RecipientsQueries } from './figures/recipients.queries.js';
import type { Gateway } from './gateways/gateway.types.js';
import { GuardCommands } from './guard/guard.commands.js';
import { GuardJobs } from './guard/guard.jobs.js';
import { SimulatorVoiceCommands } from './gateways/simulator-voice.commands.js';
import { SimulatorGateway } from './gateways/simulator.gateway.js';
import { HttpGateway } from './gateways/http/http.gateway.js';
import { KannelCallbacks } from './gateways/http/kannel-callbacks.commands.js';
import { GATEWAY_CONTROLLERS, GATEWAY_DESK } from './gateways/gateway-desk.js';
import { GatewaySecrets } from './gateways/gateway-secrets.js';
import { ClientSurroundings } from './gateways/session/client-gateway.js';
import { GatewayLines } from './gateways/session/gateway-lines.commands.js';
import { SessionKeeper } from './gateways/session/session-keeper.js';
import { SessionInbox } from './gateways/session/session-inbox.commands.js';
import { SmgpGateway } from './gateways/smgp/smgp.gateway.js';
import { SmppGateway } from './gateways/smpp/smpp.gateway.js';
import { GatewaysCommands } from './gateways/gateways.commands.js';
import { GATEWAYS } from './gateways/gateways.queries.js';
import { CuttingCommands } from './sending/cutting.commands.js';
import { InboundParts } from './replies/inbound-parts.commands.js';
import { WaitingMessages } from './single-messages/waiting-messages.commands.js';
import { MarksCommands } from './sending/marks.commands.js';
import { MessagesExport } from './messages.exports.js';
import { MessagingPersonalData } from './messaging-personal-data.commands.js';
import { MessagingFigures } from './messaging-figures.js';
import { SubmissionFigures } from './sending/submission-figures.js';
import { MessageIntents } from './sending/message-intents.commands.js';
import { MergedMessages } from './merged-messages.commands.js';
import { BlastUpkeep, MessageMonths, MessagingWork, OrderQuestionJobs, PartsUpkeep } from './messaging-work.jobs.js';
import { MessageValues } from './wording/optional-values.types.js';
import { OrderQuestions } from './replies/order-questions.commands.js';
import { OutagesCommands } from './sending/outages.commands.js';
import { PacingCommands } from './sending/pacing.commands.js';
import { PartsCommands } from './receipts/parts.commands.js';
import { PreviewQueries } from './templates/preview.queries.js';
import { RailBadges } from './rail-badges.queries.js';
import { ReceiptLog } from './receipts/receipt-log.commands.js';
import { ReviewApiController } from './review/review.api.controller.js';
import { ReviewCommands } from './review/review.commands.js';
import { ReviewPagesController } from './review/review.pages.controller.js';
import { ReviewQueries } from './review/review.queries.js';
import { ReceiptsCommands } from './receipts/receipts.commands.js';
import { ReferenceDataCommands } from './reference-data.commands.js';
import { RepliesCommands } from './replies/replies.commands.js';
import { SendingCommands } from './sending/sending.commands.js';
import { MessageSubmission, SingleMessageCommands } from './single-messages/single-message.commands.js';
import { SentOnDesk } from './steps/sent-on-desk.queries.js';
import { StepApiController } from './steps/step.api.controller.js';
import { CampaignSteps } from './steps/step.commands.js';
import { StepJobs } from './steps/step.jobs.js';
import { StepPagesController } from './steps/step.pages.controller.js';
import { StepPages } from './steps/step-pages.queries.js';
import { StepQueries } from './steps/step.queries.js';
import { StepSetting } from './steps/step-setting.commands.js';
import { SubmissionCommands } from './sending/submission.commands.js';
import { TaskMessagesQueries } from './single-messages/task-messages.queries.js';
import { TaskSmsApiController } from './single-messages/task-sms.api.controller.js';
import { TaskSmsPagesController } from './single-messages/task-sms.pages.controller.js';
import { TemplateEditorQueries } from './templates/template-editor.queries.js';
import { TemplatesApiController } from './templates/templates.api.controller.js';
import { TemplatesCommands } from './templates/templates.commands.js';
import { TemplatesPagesController } from './templates/templates.pages.controller.js';
import { TemplatesQueries } from './templates/templates.queries.js';
import { AudienceChecks } from './check/audience-checks.commands.js';
import { AudienceFiguresQueries } from './check/audience-figures.queries.js';
import { CheckApiController } from './check/check.api.controller.js';
import { CheckJobs } from './check/check.jobs.js';
import { CheckPages } from './check/check-pages.queries.js';
import { BlastCheckPagesController, TemplateCheckPagesController } from './check/check.pages.controller.js';
import { CheckQueries } from './check/check.queries.js';
import { CheckSamples } from './check/check-samples.queries.js';
import { CheckSources } from './check/check-sources.queries.js';
import { FilingPages } from './registry/filing-pages.queries.js';
import { FilingsApiController } from './registry/filings.api.controller.js';
import { FilingsCommands } from './registry/filings.commands.js';
import { FilingsPagesController } from './registry/filings.pages.controller.js';
import { FilingsQueries } from './registry/filings.queries.js';
import { StartSources } from './blasts/start-sources.queries.js';
import { TestHandOver } from './test-sends/test-hand-over.commands.js';
import { TestNumbersCommands } from './test-sends/test-numbers.commands.js';
import { TestNumbersQueries } from './test-sends/test-numbers.queries.js';
import { TestPanel } from './test-sends/test-panel.queries.js';
import { TestSends } from './test-sends/test-sends.commands.js';
import { TestSendsQueries } from './test-sends/test-sends.queries.js';
import { TestTexts, WordingToTest } from './test-sends/test-texts.queries.js';
import { TestsApiController } from './test-sends/tests.api.controller.js';
import { TestJobs } from './test-sends/tests.jobs.js';
import { TestsPagesController } from './test-sends/tests.pages.controller.js';
import { VersionsApiController } from './wording/versions.api.controller.js';
import { VersionsPagesController } from './wording/versions.pages.controller.js';
import { WordingRulesApiController } from './wording/wording-rules.api.controller.js';
import { WordingRulesCommands } from './wording/wording-rules.commands.js';
import { WordingRulesPagesController } from './wording/wording-rules.pages.controller.js';
import { WordingRulesQueries } from './wording/wording-rules.queries.js';

/** The protocols built in; a new one is a class and its place in this list. */
const protocols = {
  provide: GATEWAYS,
  useFactory: (...all: Gateway[]) => all,
  inject: [SimulatorGateway, HttpGateway, SmppGateway, SmgpGateway],
};

/** How messages get out and what comes back. */
const SENDING = [
  SmppGateway,
  SmgpGateway,
  SessionInbox,
  ClientSurroundings,
  SessionKeeper,
  GatewayLines,
  PartsCommands,
  InboundParts,
  PartsUpkeep,
  SimulatorGateway,
  SimulatorVoiceCommands,
  GatewaySecrets,
  HttpGateway,
  KannelCallbacks,
  PacingCommands,
  ReceiptLog,
  MarksCommands,
  DoubtsCommands,
  OutagesCommands,
  AnswersCommands,
  BlastIntents,
  CuttingCommands,
  SubmissionCommands,
  SendingCommands,
  WaitingMessages,
  MessageSubmission,
  ReceiptsCommands,
  RepliesCommands,
  MessagingWork,
  BlastUpkeep,
  OrderQuestionJobs,
  MessageMonths,
  MessagingFigures,
  SubmissionFigures,
];
/** The texts before and after the calls of a campaign, and what holds for the wording of all messages. */
const STEPS = [CampaignSteps, StepJobs, StepPages, StepQueries, StepSetting, SentOnDesk, WordingRulesQueries, WordingRulesCommands];
/** What blasts brought, and what is decided for all of them. */
const FIGURES = [
  ReviewQueries,
  ReviewCommands,
  GuardCommands,
  GuardJobs,
  RecipientsQueries,
  BlastFiguresQueries,
  BlastFiguresExport,
  BlastRuleQueries,
  BlastRuleCommands,
  ArchivedBlasts,
  MessageArchive,
  ArchivedPeople,
];
/** What is looked at and asked for before a blast starts. */
const BEFORE = [
  BlastContentQueries,
  AudienceFiguresQueries,
  AudienceChecks,
  CheckQueries,
  CheckSources,
  CheckSamples,
  CheckPages,
  CheckJobs,
  FilingsQueries,
  FilingsCommands,
  FilingPages,
  BlastApprovals,
  BlastApprovalsQueries,
  RailBadges,
  ApprovalPages,
  StartConditions,
  BlastLaunch,
  DraftPages,
];
/** Tests of a blast, on a path of their own. */
const TESTS = [TestSends, TestSendsQueries, TestTexts, WordingToTest, TestHandOver, TestJobs, TestNumbersQueries, TestNumbersCommands, TestPanel];
/** What people do. */
const DOING = [
  MessagesExport,
  TemplatesQueries,
  TemplatesCommands,
  PreviewQueries,
  MessageValues,
  TemplateEditorQueries,
  BlastPagesQueries,
  FormLook,
  BlastsQueries,
  BlastsCommands,
  BlastParts,
  BlastStartCommands,
  StartSources,
  MessageIntents,
  OrderQuestions,
  SingleMessageCommands,
  TaskMessagesQueries,
  ...GATEWAY_DESK,
  ReferenceDataCommands,
];

/** Templates, blasts, messages, receipts, replies; the gateways behind one port. */
@Module({
  imports: [CallsModule, CampaignsModule, ContactModule, SegmentsModule],
  controllers: [
    TemplatesApiController,
    ...GATEWAY_CONTROLLERS,
    BlastsApiController,
    TaskSmsApiController,
    TaskSmsPagesController,
    StepApiController,
    StepPagesController,
    ReviewPagesController,
    ReviewApiController,
    BlastFiguresPagesController,
    BlastFiguresApiController,
    BlastSettingsPagesController,
    ...BLAST_UPKEEP_CONTROLLERS,
    WordingRulesPagesController,
    WordingRulesApiController,
    VersionsPagesController,
    VersionsApiController,
    BlastCheckPagesController,
    TemplateCheckPagesController,
    CheckApiController,
    TestsPagesController,
    TestsApiController,
    FilingsPagesController,
    FilingsApiController,
    BlastApprovalsPagesController,
    BlastApprovalsApiController,
    FormLookPagesController,
    BlastsPagesController,
    TemplatesPagesController,
  ],
  providers: [protocols, ...BLAST_UPKEEP, ...SENDING, ...STEPS, ...FIGURES, ...BEFORE, ...TESTS, ...DOING, MergedMessages, MessagingPersonalData],
  exports: [BlastsCommands, BlastsQueries, TemplatesQueries, TemplatesCommands, GatewaysCommands, SingleMessageCommands, MessageValues, StepSetting],
})
export class MessagingModule implements OnApplicationBootstrap, OnModuleInit {
  constructor(
    private readonly reference: ReferenceDataCommands,
    private readonly months: MessageMonths,
    private readonly sending: SendingCommands,
    private readonly chrome: Chrome,
    private readonly badges: RailBadges,
  ) {}

  onModuleInit(): void {
    this.chrome.add(async ({ viewer }) => (viewer ? { badges: await this.badges.of(viewer as CurrentUser) } : {}));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.reference.ensure();
    await this.months.ensure();
    await this.sending.wakeRunning();
  }
}
