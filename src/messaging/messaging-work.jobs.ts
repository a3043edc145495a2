import { Injectable } from '@nestjs/common';
import { addDays, dayOf } from '../kernel/day.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { ConfirmationWanted } from '../calls/calls.events.js';
import { DailyAt, EveryMinute, HandlesJob, OnEvent } from '../platform/jobs/job-handler.js';
import { MonthMover } from '../platform/months/month-mover.commands.js';
import { ARCHIVING } from '../platform/months/months-options.js';
import { MESSAGES } from './archive/archived-blasts.queries.js';
import { MessageArchive } from './archive/message-archive.commands.js';
import { BlastCounts } from './blasts/blast-counts.commands.js';
import { DoubtsCommands } from './doubts/doubts.commands.js';
import { SimulatorVoiceCommands } from './gateways/simulator-voice.commands.js';
import { ApplyReceipts, AskConfirmation, SendBatch, SendMessage, SettleDoubts, SimulatorSpeaks, type WaitingMessage } from './messaging.jobs.js';
import { InboundParts } from './replies/inbound-parts.commands.js';
import { OrderQuestions } from './replies/order-questions.commands.js';
import { PartsCommands } from './receipts/parts.commands.js';
import { ReceiptsCommands } from './receipts/receipts.commands.js';
import { SendingCommands } from './sending/sending.commands.js';
import { MessageSubmission } from './single-messages/single-message.commands.js';

/** Months of messages for which partitions stand ready. */
const DAYS_AHEAD = 62;

@Injectable()
export class MessagingWork {
  constructor(
    private readonly sending: SendingCommands,
    private readonly single: MessageSubmission,
    private readonly receipts: ReceiptsCommands,
    private readonly doubts: DoubtsCommands,
    private readonly voice: SimulatorVoiceCommands,
  ) {}

  @HandlesJob(SendBatch)
  sendBatch({ blastId }: { blastId: string }): Promise<void> {
    return this.sending.sendBatch(blastId);
  }

  @HandlesJob(SendMessage)
  sendMessage(message: WaitingMessage): Promise<void> {
    return this.single.submit(message);
  }

  @HandlesJob(ApplyReceipts)
  applyReceipts(): Promise<void> {
    return this.receipts.apply();
  }

  @HandlesJob(SettleDoubts)
  settleDoubts({ gateway }: { gateway: string }): Promise<void> {
    return this.doubts.settle(gateway);
  }

  @HandlesJob(SimulatorSpeaks)
  simulatorSpeaks({ gateway }: { gateway: string }): Promise<void> {
    return this.voice.speak(gateway);
  }

  /** Nothing rests on one wake-up: stalled blasts, receipts that came early, doubts and old messages are looked after each minute. */
  @EveryMinute('messaging.watch')
  async watch(): Promise<void> {
    await this.sending.wakeStalled();
    await this.receipts.apply();
    await this.receipts.expire();
    await this.doubts.askAgain();
  }
}

/** What blasts keep of themselves. */
@Injectable()
export class BlastUpkeep {
  constructor(private readonly counts: BlastCounts) {}

  @EveryMinute('messaging.fold-counts')
  fold(): Promise<void> {
    return this.counts.fold();
  }
}

/** Parts of messages in both directions. */
@Injectable()
export class PartsUpkeep {
  constructor(
    private readonly inbound: InboundParts,
    private readonly parts: PartsCommands,
  ) {}

  @EveryMinute('messaging.inbound-parts')
  passOld(): Promise<void> {
    return this.inbound.passOld();
  }

  @DailyAt('03:25', 'messaging.forget-parts')
  forget(): Promise<void> {
    return this.parts.forget();
  }
}

/** Orders that wait for their customer's word. */
@Injectable()
export class OrderQuestionJobs {
  constructor(private readonly questions: OrderQuestions) {}

  @OnEvent(ConfirmationWanted, 'messaging.ask-for-order')
  onWanted({ orderId }: { orderId: string }): Promise<void> {
    return this.questions.ask(orderId);
  }

  @HandlesJob(AskConfirmation)
  ask({ orderId }: { orderId: string }): Promise<void> {
    return this.questions.ask(orderId);
  }
}

/** Partitions of the message table: made before they are needed, out of the way when nobody asks for them any more. */
@Injectable()
export class MessageMonths {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly archive: MessageArchive,
    private readonly mover: MonthMover,
  ) {}

  @DailyAt('02:40', 'messaging.message-archive', ARCHIVING)
  async leaveOld(): Promise<void> {
    await this.archive.archiveOld();
  }

  /** Later, for what leaves need not move; a job of its own, so that a folder that is full holds no month back. */
  @DailyAt('03:00', 'messaging.message-move', ARCHIVING)
  async moveOld(): Promise<void> {
    await this.mover.moveOld(MESSAGES);
  }

  @DailyAt('03:20', 'messaging.message-months')
  async ensure(): Promise<void> {
    const today = dayOf(this.clock.now());
    await this.database.run(sql`select platform.ensure_partitions('messaging.message', ${today}::date, ${addDays(today, DAYS_AHEAD)}::date)`);
  }
}
