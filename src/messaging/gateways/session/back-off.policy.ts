import type { BackOff, LineFault } from './dialect.types.js';

/**
 * How long to wait before the next try: doubled each time, with a random part so that many do not knock at once.
 * @param failures tries without success so far, from 1 @param draw from 0 to 1
 */
export function reconnectDelay(settings: BackOff, failures: number, { fault, draw }: { fault: LineFault | null; draw: number }): number {
  const doubled = settings.firstMs * 2 ** Math.min(failures - 1, 30);
  const least = fault?.reason === 'refused' ? settings.refusedMs : 0;
  const full = Math.min(settings.mostMs, Math.max(least, doubled));
  return Math.round(full / 2 + (full / 2) * draw);
}
