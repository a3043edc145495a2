import { numberOrDigits } from '../../../kernel/phone.js';
import { hintOf } from '../../receipts/receipt-hints.js';
import type { Receipt } from '../gateway.types.js';
import type { Heard } from '../session/session-inbox.commands.js';
import { numberIn } from '../tlvs.policy.js';
import type { IdFormat } from './message-ids.policy.js';
import { type ShortMessage, TAG } from './pdu.types.js';
import { readReport } from './receipts.policy.js';
import { readInbound } from './texts.policy.js';

/** What a centre sends of itself, in the words of the house. */

export function receiptOf(message: ShortMessage, format: IdFormat): Receipt {
  const { ref, state, networkCode, digits, reference } = readReport(message, format);
  return { messageId: null, ref, state, networkCode, hint: hintOf(numberOrDigits(digits), reference) };
}

/** Without a reference the same words twice are two answers: losing one would be worse than reading one twice. */
export function heardIn(message: ShortMessage): Heard {
  const { body, of } = readInbound(message);
  const number = numberOrDigits(message.source.digits);
  if (of) return { number, body, ...of };
  const reference = numberIn(message.tlvs, TAG.userMessageReference);
  return { ref: reference === null ? null : String(reference), number, body };
}
