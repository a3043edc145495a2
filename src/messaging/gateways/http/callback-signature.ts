import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signatures in the addresses a gateway calls back at: one a message for its reports, one a gateway for what customers write. */

const LENGTH = 32;

const signatureOf = (key: string, what: string): string => createHmac('sha256', key).update(what).digest('base64url').slice(0, LENGTH);

export const signMessage = (key: string, gateway: string, messageId: string): string => signatureOf(key, `receipt:${gateway}:${messageId}`);
export const signReplies = (key: string, gateway: string): string => signatureOf(key, `replies:${gateway}`);

/** Compared in constant time. */
export function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
