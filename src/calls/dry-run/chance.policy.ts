/** How many of `of` come true, each with this share: exact, since the calls of one hour and manager are few. */
export function drawn(random: () => number, of: number, share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return of;
  let hits = 0;
  for (let nth = 0; nth < of; nth += 1) if (random() < share) hits += 1;
  return hits;
}
