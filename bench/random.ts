import { createHash, type Hash } from 'node:crypto';

/** mulberry32: the same numbers from the same seed on every machine. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Fingerprint of an input, so that two runs can prove that they measured the same. */
export const fingerprint = (): Hash => createHash('sha256');
