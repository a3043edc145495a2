import { hash } from 'node:crypto';

/** Digests, so that receipts nobody can place keep no number. */
const digest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

/** What a receipt tells besides the gateway's id: the number, and our own reference where it came back. */
export const hintOf = (number: string, reference: number | null): string => digest(reference === null ? number : `${number} ${reference}`);

/** Of the 16 bits a protocol gives us: the last ones of the id, which are random. A hint beside the number, never a key. */
export const referenceOf = (messageId: string): number => parseInt(messageId.slice(-4), 16);
