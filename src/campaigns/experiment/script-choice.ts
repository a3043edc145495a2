import type { Campaign } from '../campaigns.types.js';
import type { Script } from '../script/script.types.js';
import { placeOf, variantSeed } from './draw.js';
import { arms, variantAt, variantKey } from './variant.policy.js';

/** The letter of the script a customer hears in a campaign: always the same one (CAM-10). */
export const variantOf = (campaign: Pick<Campaign, 'id' | 'variants'>, customerId: string): string =>
  variantKey(variantAt(campaign.variants, placeOf(variantSeed(campaign.id), customerId)));

/** The script a customer hears in a campaign. */
export function scriptFor(campaign: Pick<Campaign, 'id' | 'variants' | 'script'>, customerId: string): Script {
  const key = variantOf(campaign, customerId);
  return arms(campaign).find((arm) => arm.key === key)?.script ?? campaign.script;
}
