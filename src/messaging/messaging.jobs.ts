import { defineJob } from '../platform/jobs/define-job.js';
import type { FiledWording } from './registry/filing.policy.js';

/** Sends the next batch of a blast and leaves the one after it behind: one chain a blast, a lock sees to that. */
export const SendBatch = defineJob<{ blastId: string }>('messaging.send-batch', {
  attempts: 20,
  backoffSeconds: 5,
  concurrency: 4,
  leaseSeconds: 10,
});

export interface WaitingMessage {
  messageId: string;
  /** What another way must be filed for; left out by jobs of earlier versions, which keep to their gateway. */
  filed?: FiledWording;
}

/** Hands over one message outside any blast. */
export const SendMessage = defineJob<WaitingMessage>('messaging.send-message', { attempts: 5, backoffSeconds: 5 });

/** Asks a customer to confirm an order, once the gate lets it (CAM-9). */
export const AskConfirmation = defineJob<{ orderId: string }>('messaging.ask-confirmation', { attempts: 20, backoffSeconds: 30 });

/** Joins receipts that have come with the messages they speak of. */
export const ApplyReceipts = defineJob<Record<string, never>>('messaging.apply-receipts', {
  attempts: 20,
  backoffSeconds: 5,
  concurrency: 1,
  leaseSeconds: 10,
});

/** Asks a gateway what became of the messages held in doubt. */
export const SettleDoubts = defineJob<{ gateway: string }>('messaging.settle-doubts', {
  attempts: 20,
  backoffSeconds: 10,
  concurrency: 1,
  leaseSeconds: 10,
});

/** Lets the simulator say what is due. */
export const SimulatorSpeaks = defineJob<{ gateway: string }>('messaging.simulator-speaks', {
  attempts: 20,
  backoffSeconds: 5,
  concurrency: 1,
  leaseSeconds: 10,
});

/** Takes a person out of the files of old months. One at a time: each writes its files anew. */
export const ForgetArchived = defineJob<{ customerId: string }>('messaging.forget-archived', { attempts: 5, backoffSeconds: 60, concurrency: 1 });

/** Looks at what a wording comes to on a whole audience. */
export const CheckAudience = defineJob<{ checkId: string }>('messaging.check-audience', { attempts: 3, backoffSeconds: 5, concurrency: 2 });

/** Looks whether a blast brings too many opt-outs to go on. */
export const GuardBlast = defineJob<{ blastId: string }>('messaging.guard-blast', {
  attempts: 5,
  backoffSeconds: 5,
  concurrency: 1,
  leaseSeconds: 10,
});
