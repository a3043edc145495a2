import { createHash } from 'node:crypto';
import { dayOf, minuteOfDay } from '../../../kernel/day.js';

const two = (value: number): string => String(value).padStart(2, '0');

/** MMDDHHMMSS in China, where the gateways are. */
export function loginTimestamp(now: Date): number {
  const minute = minuteOfDay(now);
  return Number(dayOf(now).slice(5).replace('-', '') + two(Math.floor(minute / 60)) + two(minute % 60) + two(now.getUTCSeconds()));
}

const SEVEN_ZEROS = Buffer.alloc(7);

/** That we know the secret: MD5 of ClientID, seven zero bytes, the secret and the timestamp in ten digits. */
export const authenticatorOf = (clientId: string, secret: string, timestamp: number): Buffer =>
  createHash('md5')
    .update(Buffer.from(clientId, 'latin1'))
    .update(SEVEN_ZEROS)
    .update(Buffer.from(secret, 'latin1'))
    .update(String(timestamp).padStart(10, '0'))
    .digest();
