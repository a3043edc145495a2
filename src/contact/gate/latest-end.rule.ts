/** When the last of several things is over; null among them = never. */
export function latestEnd(ends: readonly (Date | null)[]): Date | null {
  let latest = 0;
  for (const end of ends) {
    if (end === null) return null;
    latest = Math.max(latest, end.getTime());
  }
  return new Date(latest);
}
