import { DomainError } from '../../kernel/errors.js';
import type { CampaignPatch } from '../campaign-edit.policy.js';
import type { Campaign } from '../campaigns.types.js';
import type { Script } from '../script/script.types.js';
import { arms, MOST_VARIANTS, ownPercent, variantKey } from './variant.policy.js';

/** One of the scripts of a campaign; without a letter its own. @throws DomainError `variant_unknown` (409) */
export function armOf(campaign: Campaign, key: string | undefined) {
  const arm = arms(campaign).find((one) => one.key === (key ?? variantKey(0)));
  if (!arm) throw new DomainError('variant_unknown', { status: 409, params: { variant: key ?? '' } });
  return arm;
}

/** The change that gives one of the scripts another text. @throws DomainError `variant_unknown` (409) */
export function withScript(campaign: Campaign, key: string | undefined, script: Script): CampaignPatch {
  const chosen = armOf(campaign, key).key;
  if (chosen === variantKey(0)) return { script };
  return { variants: campaign.variants.map((variant, index) => (variantKey(index + 1) === chosen ? { ...variant, script } : variant)) };
}

/** The scripts with their shares, and what one more would get. */
export const variantsView = (campaign: Campaign, current: string) => ({
  several: campaign.variants.length > 0,
  rows: arms(campaign).map(({ key, name, percent }, index) => ({ key, name, percent, own: index === 0, current: key === current })),
  more: campaign.variants.length < MOST_VARIANTS && ownPercent(campaign.variants) > 1,
  next: Math.floor(ownPercent(campaign.variants) / 2),
});
