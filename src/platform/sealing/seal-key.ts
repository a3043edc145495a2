import { createHash, randomBytes } from 'node:crypto';

/** A key of AES-256 and the name it stands under beside what it sealed. */
export interface SealKey {
  /** The first eight hexadecimal digits of the key's SHA-256: nobody can give a key the name of another. */
  id: string;
  key: Buffer;
}

const KEY_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;

const keyOf = (key: Buffer): SealKey => ({ id: createHash('sha256').update(key).digest('hex').slice(0, 8), key });

/** 32 bytes in base64, as `openssl rand -base64 32` prints them; null for anything else. */
export function readSealKey(text: string): SealKey | null {
  const plain = text.trim();
  return BASE64.test(plain) ? keyOf(Buffer.from(plain, 'base64')) : null;
}

/** A new key, as text. */
export const newSealKey = (): string => randomBytes(KEY_BYTES).toString('base64');
