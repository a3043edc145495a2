import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SealKey } from './seal-key.js';

/** A text that only a holder of the key can read. */
export interface Sealed {
  keyId: string;
  /** Nonce (12 bytes), tag (16), cipher text. */
  data: Buffer;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** What was sealed cannot be read: its key is not here, or it was changed, or it belongs elsewhere. */
export class SealError extends Error {}

/** AES-256-GCM. New texts are sealed with the first key, old ones are read with whichever key sealed them. */
export class Sealer {
  constructor(private readonly keys: readonly SealKey[]) {}

  /** Name of the key that seals; undefined when there is none. */
  get current(): string | undefined {
    return this.keys[0]?.id;
  }

  has(keyId: string): boolean {
    return this.keys.some((one) => one.id === keyId);
  }

  /** @param place what the text belongs to (`customers.id_card:17`): moved elsewhere it cannot be read. @throws SealError without a key */
  seal(text: string, place: string): Sealed {
    const [first] = this.keys;
    if (!first) throw new SealError('no key');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, first.key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return { keyId: first.id, data: Buffer.concat([nonce, cipher.getAuthTag(), body]) };
  }

  /** @throws SealError */
  open({ keyId, data }: Sealed, place: string): string {
    const found = this.keys.find((one) => one.id === keyId);
    if (!found) throw new SealError(`key ${keyId} is not here`);
    const nonce = data.subarray(0, NONCE_BYTES);
    const tag = data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv(CIPHER, found.key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place)).setAuthTag(tag);
      return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SealError('the text was changed or belongs elsewhere', { cause });
    }
  }
}
