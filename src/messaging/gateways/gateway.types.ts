import type { Worded } from '../../kernel/errors.js';
import type { Encoding } from '../wording/sms-parts.policy.js';

export type GatewayKind = 'simulator' | 'http' | 'smpp' | 'smgp';

/** A gateway as pages name it. */
export type Way = Pick<GatewayAccount, 'code' | 'kind'>;

/** The same in a sentence that is put into words only where it is read. */
export const namedWay = ({ code, kind }: Way): Worded => ({ key: 'gateways.named', params: { code, kind: { key: `gateways.kind.${kind}` } } });

/** A configured way out. `settings` hold host, port, url … of its kind; secrets never leave this object. */
export interface GatewayAccount {
  code: string;
  kind: GatewayKind;
  settings: Record<string, unknown>;
  ratePerSecond: number;
  window: number;
  active: boolean;
  /** Not before this instant is it tried again; null while it answers. */
  downUntil: Date | null;
  /** How often in a row nothing could be sent. */
  failures: number;
  /** Where its messages go while it is down or switched off, in this order, unless a blast names others. */
  fallbackGateways: string[];
}

/** `id` travels with the message as our own reference: what is in doubt after a crash is settled by it. */
export interface OutgoingMessage {
  id: string;
  number: string;
  body: string;
  parts: number;
  encoding: Encoding;
  /** Past it the text is stale, and the network too is to deliver it no more (R9); none: as long as networks keep messages. */
  notAfter?: Date | null;
}

/**
 * What a gateway said of one message.
 * - `rejected`: the message itself is refused, here and anywhere: this recipient fails, alone.
 * - `throttled`: certainly not taken, we were too quick (SMPP 0x58, queue full, HTTP 429): again here, later and slower. Nobody fails by it.
 * - `not_sent`: certainly not taken, and for a fault of the gateway rather than the message (no connection, login refused, its own system
 *   error): another gateway may carry it.
 * - `unknown`: the line broke before an answer came; the message may or may not be on its way, and is never sent again on a guess. `half`: an answer did
 *   come, of each part, and some were taken; it says why the others were not.
 */
export type SubmitResult =
  | { id: string; outcome: 'accepted'; ref: string }
  | { id: string; outcome: 'rejected'; code: string }
  | { id: string; outcome: 'throttled'; retryAfterMs?: number }
  | { id: string; outcome: 'not_sent'; code: string }
  | { id: string; outcome: 'unknown'; half?: 'rejected' | 'throttled' | 'not_sent' };

/** Thrown by a gateway when nothing at all of a batch went out: each of it is then `not_sent`. Any other error leaves all of it `unknown`. */
export class NothingSent extends Error {
  constructor(
    /** In the gateway's words: `ECONNREFUSED`, `bind 0x0d`. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`nothing was sent: ${code}`, options);
  }
}

/** Each protocol maps its own words onto these; a refusal by the network after hand-over (REJECTD) is `undelivered`. */
export type ReceiptState = 'accepted' | 'delivered' | 'undelivered' | 'expired' | 'unknown';

/** What the network says later. It names our reference, the gateway's, or both. */
export interface Receipt {
  messageId: string | null;
  ref: string | null;
  state: ReceiptState;
  networkCode: string | null;
  /** Of which message it speaks should nobody know `ref` (`hintOf`); a protocol that gives our id back needs none. */
  hint?: string;
}

/** What a customer writes back. */
export interface InboundMessage {
  ref: string | null;
  number: string;
  body: string;
}

/** One protocol. Pacing, opt-outs, marks and doubts are the caller's business; a protocol only carries. */
export abstract class Gateway {
  abstract readonly kind: GatewayKind;

  /** Hands messages over, one result each. @throws NothingSent */
  abstract submit(account: GatewayAccount, batch: readonly OutgoingMessage[]): Promise<SubmitResult[]>;

  /**
   * Asks what became of messages: `accepted` ones came, the ones left out never did.
   * Undefined where the protocol cannot say: then only a receipt or a person settles a doubt.
   */
  abstract lookUp(account: GatewayAccount, ids: readonly string[]): Promise<ReadonlyMap<string, SubmitResult> | undefined>;
}
