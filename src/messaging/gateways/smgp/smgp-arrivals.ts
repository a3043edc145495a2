import { numberOrDigits } from '../../../kernel/phone.js';
import { hintOf } from '../../receipts/receipt-hints.js';
import type { Receipt } from '../gateway.types.js';
import type { Heard } from '../session/session-inbox.commands.js';
import { refOf } from './message-ids.policy.js';
import type { Deliver } from './packet.types.js';
import { readReport } from './receipts.policy.js';
import { readInbound } from './texts.policy.js';

/** What a gateway sends of itself, in the words of the house. @param now its ids name the day without the year */

export function receiptOf(message: Deliver, now: Date): Receipt {
  const { ref, number, state, networkCode } = readReport(message, now);
  return { messageId: null, ref, state, networkCode, ...(number === null ? {} : { hint: hintOf(number, null) }) };
}

export function heardIn(message: Deliver, now: Date): Heard {
  const { body, of } = readInbound(message);
  const number = numberOrDigits(message.source);
  if (of) return { number, body, ...of };
  return { ref: message.id.some((byte) => byte !== 0) ? refOf(message.id, now) : null, number, body };
}
