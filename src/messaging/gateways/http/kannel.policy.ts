import type { InboundMessage, OutgoingMessage, Receipt, ReceiptState, SubmitResult } from '../gateway.types.js';
import type { HttpSettings } from '../gateway-settings.policy.js';
import { minutesLeft } from '../stale-after.policy.js';

/** The words of Kannel's sendsms: what we ask, what its answers mean, what it tells later. */

/** All five kinds of reports: delivered 1, undelivered 2, queued 4, taken by the centre 8, refused by it 16. */
const DLR_MASK = 31;
const CODING = { gsm7: '0', ucs2: '2' } as const;
const LONGEST_WORD = 60;

export interface Sending {
  settings: HttpSettings;
  password: string | null;
  /** Where Kannel tells what became of this message. */
  dlrUrl: string;
  now: Date;
}

export interface SendRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** One message as a request: all of it in the address (GET), or the text as the body and the rest in headers, so that no log has a password or a text (POST). */
export function sendRequest(message: OutgoingMessage, sending: Sending): SendRequest {
  const { pathname, search } = new URL(sending.settings.url);
  const asked = askedOf(message, sending);
  if (sending.settings.method === 'POST') {
    const headers = Object.fromEntries(asked.map(([name, value]) => [`x-kannel-${name}`, value]));
    return { method: 'POST', path: `${pathname}${search}`, headers: { ...headers, 'content-type': 'text/plain; charset=UTF-8' }, body: message.body };
  }
  const query = [...asked, ['text', message.body] as const].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return { method: 'GET', path: `${pathname}${search === '' ? '?' : `${search}&`}${query}`, headers: {}, body: null };
}

/** Everything but the text. */
function askedOf(message: OutgoingMessage, { settings, password, dlrUrl, now }: Sending): [string, string][] {
  const { username, from } = settings;
  const asked: [string, string | null][] = [
    ['username', username],
    ['password', password],
    ['from', from],
    ['to', message.number],
    ['coding', CODING[message.encoding]],
    ['charset', 'UTF-8'],
    ['dlr-mask', String(DLR_MASK)],
    ['dlr-url', dlrUrl],
    ['validity', message.notAfter ? String(minutesLeft(message.notAfter, now)) : null],
  ];
  return asked.filter((pair): pair is [string, string] => pair[1] !== null);
}

/** The address of a message's reports. Kannel fills in type (%d), the centre's words (%A), the centre's id (%F), which centre (%i) and when (%T). */
export const receiptUrl = (base: string, gateway: string, { id, sig }: { id: string; sig: string }): string =>
  `${base}/api/v1/sms/gateways/${gateway}/receipts?message=${id}&sig=${sig}&type=%d&answer=%A&ref=%F&smsc=%i&at=%T`;

/** The address of what customers write: sender, access code, text as it came with its alphabet, Kannel's own id. */
export const replyUrl = (base: string, gateway: string, sig: string): string =>
  `${base}/api/v1/sms/gateways/${gateway}/replies?sig=${sig}&from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&smsc=%i&at=%T`;

export interface KannelAnswer {
  status: number;
  body: string;
  retryAfter?: string | undefined;
}

/** In Kannel's words, short enough to count by; numbers it repeats are left out. */
function wordOf({ status, body }: KannelAnswer): string {
  const [first = ''] = body.trim().split(/[\r\n:]|\. /);
  return `${status} ${first.replace(/\+?\d{6,}/g, '…').trim()}`.trim().slice(0, LONGEST_WORD);
}

/** Faults of the account or its settings: no message will do any better here, but each may elsewhere. */
const OF_THE_ACCOUNT = /authori[sz]ation|sender missing|dlr-|account field|content-type|unknown request|no reply sent/i;
/** Older ones answer 200, and say it in the body. */
const TAKEN = /^\s*(0|3):|^\s*(sent|accepted|ok)\b/i;

function retryMs(retryAfter: string | undefined): { retryAfterMs?: number } {
  const seconds = Number(retryAfter);
  return retryAfter && Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
}

/**
 * What an answer says of a message. 202 `0: Accepted for delivery` and `3: Queued for later delivery`; 503 `Temporal failure, try again later.`;
 * other 4xx: it cannot be delivered so. What is none of these words may have been taken: unknown.
 */
export function resultOf(id: string, answer: KannelAnswer): SubmitResult {
  const { status, body } = answer;
  if (status === 202 || (status >= 200 && status < 300 && TAKEN.test(body))) return { id, outcome: 'accepted', ref: id };
  if (status === 429 || status === 503) return { id, outcome: 'throttled', ...retryMs(answer.retryAfter) };
  const ofAccount = [401, 404, 405, 407, 408].includes(status) || (status >= 300 && status < 400) || OF_THE_ACCOUNT.test(body);
  if (status >= 300 && status < 500)
    return ofAccount ? { id, outcome: 'not_sent', code: wordOf(answer) } : { id, outcome: 'rejected', code: wordOf(answer) };
  if (status === 500 && /^\s*sending failed/i.test(body)) return { id, outcome: 'not_sent', code: wordOf(answer) };
  return { id, outcome: 'unknown' };
}

const STATES: Record<string, ReceiptState> = { 1: 'delivered', 2: 'undelivered', 4: 'accepted', 8: 'accepted', 16: 'undelivered' };
const EXPIRED = /stat:\s*EXPIRED/i;

/** `id:… stat:UNDELIV err:027 …` → `UNDELIV 027`; `NACK/0x0000000b/Invalid Destination` → `NACK 0x0000000b`. */
export function networkCode(answer: string): string | null {
  const report = /stat:\s*(\w{1,12})(?:\s+err:\s*(\w{1,8}))?/i.exec(answer);
  if (report) return [report[1], report[2]].filter(Boolean).join(' ');
  const refused = /^NACK\/([^/]{1,20})/i.exec(answer);
  return refused ? `NACK ${refused[1]}` : null;
}

/** A report as it came in. */
export interface Dlr {
  message: string;
  type: string;
  answer: string;
  ref: string;
}

export function receiptOf({ message, type, answer, ref }: Dlr): Receipt {
  const state = STATES[type] ?? 'unknown';
  const fate = state === 'undelivered' && EXPIRED.test(answer) ? 'expired' : state;
  return { messageId: message, ref: ref === '' ? null : ref.slice(0, 100), state: fate, networkCode: networkCode(answer) };
}

/** The parameters of an address as bytes: a text may be in any alphabet. */
export function rawParams(url: string): Map<string, Buffer> {
  const pairs = (url.split('?', 2)[1] ?? '').split('&').map((pair) => pair.split('=', 2));
  return new Map(pairs.map(([name = '', value = '']) => [name, bytesOf(value)]));
}

function bytesOf(text: string): Buffer {
  const pieces = text.replaceAll('+', ' ').match(/%[0-9a-f]{2}|[^%]+|%/gi) ?? [];
  return Buffer.concat(pieces.map((piece) => (/^%[0-9a-f]{2}$/i.test(piece) ? Buffer.from(piece.slice(1), 'hex') : Buffer.from(piece, 'utf8'))));
}

/** PostgreSQL takes no NUL. */
const clean = (text: string): string => text.replaceAll('\u0000', '');

function textIn(bytes: Buffer, charset: string, coding: string): string {
  try {
    return clean(new TextDecoder(charset).decode(bytes));
  } catch {
    return clean(new TextDecoder(coding === '2' ? 'utf-16be' : 'utf-8').decode(bytes));
  }
}

/** What a customer wrote. Kannel asks again with the same id when it got no answer. */
export function inboundOf(params: ReadonlyMap<string, Buffer>): InboundMessage {
  const word = (name: string): string => clean((params.get(name) ?? Buffer.alloc(0)).toString('utf8')).trim();
  const body = textIn(params.get('text') ?? Buffer.alloc(0), word('charset') || 'none', word('coding'));
  const number = word('from').slice(0, 30);
  const ref = word('id').slice(0, 100) || null;
  return { ref, number, body };
}
