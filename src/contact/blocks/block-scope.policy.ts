import type { BlockScope } from '../contact.types.js';

/** What was typed of a block's reach; a product line or a campaign says by itself which scope is meant. */
export interface TypedReach {
  scope?: BlockScope | null | undefined;
  productFamily?: string | null | undefined;
  /** A code. */
  campaign?: string | null | undefined;
}

export type ReachFault = 'block_family_missing' | 'block_campaign_missing' | 'block_scope_mixed';

export function scopeOf({ scope, productFamily, campaign }: TypedReach): BlockScope {
  if (scope) return scope;
  if (campaign) return 'campaign';
  return productFamily ? 'product' : 'all';
}

/** What is wrong with the reach, and at which of the fields; null when nothing is. */
export function reachFault(typed: TypedReach): { param: 'productFamily' | 'campaign' | 'scope'; code: ReachFault } | null {
  const scope = scopeOf(typed);
  if (scope === 'product' && !typed.productFamily) return { param: 'productFamily', code: 'block_family_missing' };
  if (scope === 'campaign' && !typed.campaign) return { param: 'campaign', code: 'block_campaign_missing' };
  const mixed = (typed.productFamily && scope !== 'product') || (typed.campaign && scope !== 'campaign');
  return mixed ? { param: 'scope', code: 'block_scope_mixed' } : null;
}
