import { createHash } from 'node:crypto';

/** The number of places a customer can fall on: hundredths of a per cent. */
export const PLACES = 10_000;

/**
 * Chance that can be repeated (CAM-10): where a customer falls for a seed, 0–9999. The same at preview, at launch and ever after, independent
 * between seeds, and not to be steered by the order of an upload. `campaigns.bucket` says the same in SQL.
 */
export const placeOf = (seed: string, customerId: string): number =>
  createHash('md5').update(`${seed}:${customerId}`).digest().readUInt32BE(0) % PLACES;

/** What the hold-out of a campaign is drawn with. */
export const holdOutSeed = (campaignId: string): string => campaignId;
/** What the scripts of a campaign are drawn with: apart from the hold-out, so that neither decides the other. */
export const variantSeed = (campaignId: string): string => `${campaignId}/variant`;
