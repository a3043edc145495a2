/** How an earlier wave left a customer, of what a new wave may take: never dialled · nobody spoke · spoke, to be called again or to another person · said so. */
export const WAVE_RESULTS = ['not_dialled', 'not_reached', 'undecided', 'interested', 'reached'] as const;
export type WaveResult = (typeof WAVE_RESULTS)[number];

/** `decided`: bought, refused, has it, complained, wants no calls, the number does not exist. */
export type EarlierResult = WaveResult | 'decided';

/** Why an earlier wave keeps a customer off the new one. */
export type WaveReason = 'wave_open' | 'wave_decided' | 'wave_not_taken' | 'wave_attempts';

/** What a wave takes, and how many dials one customer gets in all waves together; null: no more limit than each wave's own. */
export interface WaveRule {
  take: readonly string[];
  mostTogether: number | null;
}

/** A customer on the list of one earlier wave. */
export interface EarlierWave {
  wave: number;
  pending: boolean;
  result: EarlierResult;
  attempts: number;
}
