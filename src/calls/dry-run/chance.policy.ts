/** Numbers of 0–1 that come the same again for the same seed (mulberry32): no secret depends on them. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How many of `of` come true, each with this share: exact, since the calls of one hour and manager are few. */
export function drawn(random: () => number, of: number, share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return of;
  let hits = 0;
  for (let nth = 0; nth < of; nth += 1) if (random() < share) hits += 1;
  return hits;
}
