import { defineEvent } from '../platform/jobs/define-event.js';

/** A contact and its outcome stand in the books, through the desk, the API, or an ad hoc contact. Imported history tells nobody. */
export const AttemptRecorded = defineEvent<{
  attemptId: string;
  /** null for an ad hoc contact, which belongs to no list. */
  taskId: string | null;
  campaignId: string;
  customerId: string;
  outcome: string;
  /** The outcome counts as a visit. */
  visit: boolean;
  /** What was talked about, as ticked. */
  topics: string[];
  /** ISO instant of the start. */
  at: string;
}>('calls.attempt-recorded');

/** An outcome was corrected: whatever followed from the old one must be judged anew. */
export const AttemptCorrected = defineEvent<{
  attemptId: string;
  taskId: string | null;
  campaignId: string;
  customerId: string;
  oldOutcome: string;
  outcome: string;
  visit: boolean;
  topics: string[];
  at: string;
}>('calls.attempt-corrected');

/** Results of orders stand in the books: those of a file, or, null, of one closed by hand. */
export const OrdersSettled = defineEvent<{ importId: string | null }>('calls.orders-settled');

/** An order waits for the customer's confirming reply: somebody has to ask for it (CAM-9). */
export const ConfirmationWanted = defineEvent<{ orderId: string }>('calls.confirmation-wanted');

/** An attempt counts as a conversion, from the start or since it was corrected. */
export const ConversionRecorded = defineEvent<{ attemptId: string }>('calls.conversion-recorded');
