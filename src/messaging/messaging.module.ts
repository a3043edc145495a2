import { Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Chrome } from '../platform/http/chrome.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CallsModule } from '../calls/calls.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { AnswersCommands } from './answers.commands.js';
import { BlastPagesQueries } from './blast-pages.queries.js';
import { BlastStartCommands, StartSources } from './blast-start.commands.js';
import { BlastsApiController, GatewaysApiController, TaskSmsApiController } from './blasts.api.controller.js';
import { BlastParts, BlastsCommands } from './blasts.commands.js';
import { BlastsPagesController } from './blasts.pages.controller.js';
import { BlastsQueries } from './blasts.queries.js';
import { DoubtsCommands } from './doubts.commands.js';
import { BlastFiguresApiController } from './figures/blast-figures.api.controller.js';
import { BlastFiguresExport } from './figures/blast-figures.exports.js';
import { BlastFiguresPagesController } from './figures/blast-figures.pages.controller.js';
import { BlastFiguresQueries } from './figures/blast-figures.queries.js';
import { BlastRuleCommands } from './figures/blast-rule.commands.js';
import { BlastRuleQueries } from './figures/blast-rule.queries.js';
import { BlastSettingsPagesController } from './figures/blast-settings.pages.controller.js';
import { RecipientsQueries } from './figures/recipients.queries.js';
import type { Gateway } from './gateway.types.js';
import { GuardCommands } from './guard/guard.commands.js';
import { GuardJobs } from './guard/guard.jobs.js';
import { SimulatorVoiceCommands } from './gateways/simulator-voice.commands.js';
import { SimulatorGateway } from './gateways/simulator.gateway.js';
import { HttpGateway } from './gateways/http/http.gateway.js';
import { KannelApiController } from './gateways/http/kannel.api.controller.js';
import { KannelCallbacks } from './gateways/http/kannel-callbacks.commands.js';
import { GatewayPages } from './gateways/gateway-pages.queries.js';
import { GatewayResealing } from './gateways/gateway-resealing.commands.js';
import { GatewaySecrets } from './gateways/gateway-secrets.js';
import { GatewayTrials } from './gateways/gateway-trials.commands.js';
import { ClientSurroundings } from './gateways/session/client-gateway.js';
import { GatewayLines } from './gateways/session/gateway-lines.commands.js';
import { SessionKeeper } from './gateways/session/session-keeper.js';
import { SmgpInbox } from './gateways/smgp/smgp-inbox.commands.js';
import { SmgpGateway } from './gateways/smgp/smgp.gateway.js';
import { SmppInbox } from './gateways/smpp/smpp-inbox.commands.js';
import { SmppGateway } from './gateways/smpp/smpp.gateway.js';
import { GatewaysPagesController } from './gateways/gateways.pages.controller.js';
import { GatewaysCommands } from './gateways.commands.js';
import { GATEWAYS, GatewaysQueries } from './gateways.queries.js';
import { HandOverCommands } from './hand-over.commands.js';
import { InboundParts } from './inbound-parts.commands.js';
import { MarksCommands } from './marks.commands.js';
import { MessagesExport } from './messages.exports.js';
import { MessagingPersonalData } from './messaging-personal-data.commands.js';
import { MessageIntents } from './message-intents.commands.js';
import { MessageMonths, MessagingWork, OrderQuestionJobs, PartsUpkeep } from './messaging-work.jobs.js';
import { MessageValues } from './optional-values.types.js';
import { OrderQuestions } from './order-questions.commands.js';
import { OutagesCommands } from './outages.commands.js';
import { PacingCommands } from './pacing.commands.js';
import { PartsCommands } from './parts.commands.js';
import { PreviewQueries } from './preview.queries.js';
import { ReceiptLog } from './receipt-log.commands.js';
import { ReviewApiController } from './review/review.api.controller.js';
import { ReviewCommands } from './review/review.commands.js';
import { ReviewPagesController } from './review/review.pages.controller.js';
import { ReviewQueries } from './review/review.queries.js';
import { ReceiptsCommands } from './receipts.commands.js';
import { ReferenceDataCommands } from './reference-data.commands.js';
import { RepliesCommands } from './replies.commands.js';
import { SendingCommands } from './sending.commands.js';
import { MessageSubmission, SingleMessageCommands } from './single-message.commands.js';
import { SentOnDesk } from './steps/sent-on-desk.queries.js';
import { StepApiController } from './steps/step.api.controller.js';
import { CampaignSteps } from './steps/step.commands.js';
import { StepJobs } from './steps/step.jobs.js';
import { StepPagesController } from './steps/step.pages.controller.js';
import { StepPages } from './steps/step-pages.queries.js';
import { StepQueries } from './steps/step.queries.js';
import { StepSetting } from './steps/step-setting.commands.js';
import { SubmissionCommands } from './submission.commands.js';
import { TaskMessagesQueries } from './task-messages.queries.js';
import { TaskSmsPagesController } from './task-sms.pages.controller.js';
import { TemplateEditorQueries } from './template-editor.queries.js';
import { TemplatesApiController } from './templates.api.controller.js';
import { TemplatesCommands } from './templates.commands.js';
import { TemplatesPagesController } from './templates.pages.controller.js';
import { TemplatesQueries } from './templates.queries.js';

/** The protocols built in; a new one is a class and its place in this list. */
const protocols = {
  provide: GATEWAYS,
  useFactory: (...all: Gateway[]) => all,
  inject: [SimulatorGateway, HttpGateway, SmppGateway, SmgpGateway],
};

/** How messages get out and what comes back. */
const SENDING = [
  SmppGateway,
  SmppInbox,
  SmgpGateway,
  SmgpInbox,
  ClientSurroundings,
  SessionKeeper,
  GatewayLines,
  PartsCommands,
  InboundParts,
  PartsUpkeep,
  SimulatorGateway,
  SimulatorVoiceCommands,
  GatewaySecrets,
  GatewayResealing,
  HttpGateway,
  KannelCallbacks,
  PacingCommands,
  ReceiptLog,
  MarksCommands,
  DoubtsCommands,
  OutagesCommands,
  AnswersCommands,
  HandOverCommands,
  SubmissionCommands,
  SendingCommands,
  MessageSubmission,
  ReceiptsCommands,
  RepliesCommands,
  MessagingWork,
  OrderQuestionJobs,
  MessageMonths,
];
/** The texts before and after the calls of a campaign. */
const STEPS = [CampaignSteps, StepJobs, StepPages, StepQueries, StepSetting, SentOnDesk];
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
];
/** What people do. */
const DOING = [
  MessagesExport,
  TemplatesQueries,
  TemplatesCommands,
  PreviewQueries,
  MessageValues,
  TemplateEditorQueries,
  BlastPagesQueries,
  BlastsQueries,
  BlastsCommands,
  BlastParts,
  BlastStartCommands,
  StartSources,
  MessageIntents,
  OrderQuestions,
  SingleMessageCommands,
  TaskMessagesQueries,
  GatewaysQueries,
  GatewaysCommands,
  GatewayPages,
  GatewayTrials,
  ReferenceDataCommands,
];

/** Templates, blasts, messages, receipts, replies; the gateways behind one port. */
@Module({
  imports: [CallsModule, CampaignsModule, ContactModule, SegmentsModule],
  controllers: [
    TemplatesApiController,
    BlastsApiController,
    GatewaysApiController,
    TaskSmsApiController,
    TaskSmsPagesController,
    StepApiController,
    StepPagesController,
    ReviewPagesController,
    ReviewApiController,
    BlastFiguresPagesController,
    BlastFiguresApiController,
    BlastSettingsPagesController,
    BlastsPagesController,
    TemplatesPagesController,
    GatewaysPagesController,
    KannelApiController,
  ],
  providers: [protocols, ...SENDING, ...STEPS, ...FIGURES, ...DOING, MessagingPersonalData],
  exports: [BlastsCommands, BlastsQueries, TemplatesQueries, TemplatesCommands, GatewaysCommands, SingleMessageCommands, MessageValues, StepSetting],
})
export class MessagingModule implements OnApplicationBootstrap, OnModuleInit {
  constructor(
    private readonly reference: ReferenceDataCommands,
    private readonly months: MessageMonths,
    private readonly sending: SendingCommands,
    private readonly chrome: Chrome,
    private readonly review: ReviewQueries,
  ) {}

  onModuleInit(): void {
    this.chrome.add(async ({ viewer }) => {
      if (!viewer || !['manager', 'planner', 'supervisor'].includes(viewer.role)) return {};
      const user = viewer as CurrentUser;
      return { badges: { replies: viewer.role === 'manager' ? await this.review.forwarded(user.id) : await this.review.waiting(user) } };
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.reference.ensure();
    await this.months.ensure();
    await this.sending.wakeRunning();
  }
}
