import type { EarlierWave, WaveReason, WaveRule } from './wave.types.js';

/**
 * Whether a new wave may take a customer, and if not why (R38). A decision in any earlier wave stands, whatever a later one found; of the rest the
 * last wave the customer was in says where they stand. `waveReasonsSql` says the same of all customers at once.
 * @param earlier one row a wave the customer was in, at least one
 */
export function waveReason(earlier: readonly EarlierWave[], rule: WaveRule): WaveReason | null {
  const [last] = [...earlier].sort((a, b) => b.wave - a.wave);
  if (earlier.some(({ pending }) => pending)) return 'wave_open';
  if (earlier.some(({ result }) => result === 'decided')) return 'wave_decided';
  if (!last || !rule.take.includes(last.result)) return 'wave_not_taken';
  const dialled = earlier.reduce((sum, { attempts }) => sum + attempts, 0);
  return rule.mostTogether !== null && dialled >= rule.mostTogether ? 'wave_attempts' : null;
}
