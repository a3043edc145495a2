import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the clocks of a switch and of StarCare may differ, in seconds, both ways; what is signed longer ago is not taken again. */
export const WINDOW_SECONDS = 300;

/** HMAC-SHA256 over `<timestamp>.<body>`, in hex. @param timestamp seconds since 1970, as the header has it @param body the bytes as they are sent */
export const signatureOf = (secret: string, timestamp: string, body: Buffer | string): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');

/** Compared in constant time. */
export function isSignedBy(secret: string, { timestamp, signature, body }: { timestamp: string; signature: string; body: Buffer }): boolean {
  const [given, right] = [Buffer.from(signature, 'hex'), Buffer.from(signatureOf(secret, timestamp, body), 'hex')];
  return given.length === right.length && timingSafeEqual(given, right);
}

export function isFresh(timestamp: string, now: Date): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) - now.getTime() / 1000) <= WINDOW_SECONDS;
}
