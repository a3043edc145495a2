import { checkFilter, filterGroups } from '../../segments/segments.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { arms } from '../experiment/variant.policy.js';

type Filter = Record<string, unknown>;

/** A filter in words; what a program wrote in another shape stands there as it is. Null: none. */
function conditionsOf(filter: Filter | null) {
  if (filter === null) return null;
  const groups = filterGroups({ ...checkFilter(filter) });
  return { groups, raw: groups.length === 0 ? JSON.stringify(filter) : null };
}

const percent = (value: number | null): string | null => (value === null ? null : `${Math.round(value * 1000) / 10}%`);

/** All that a launch sets going, for whoever presses the button and for whoever gives a word on it. */
export function factsView(campaign: Campaign) {
  return {
    conditions: conditionsOf(campaign.filter),
    leftOut: conditionsOf(campaign.excludeFilter),
    scripts:
      campaign.variants.length === 0
        ? []
        : arms(campaign).map(({ key, name, percent: share }, index) => ({ key, name, percent: share, own: index === 0 })),
    hours: campaign.callWindow?.map((slot) => slot.join('–')).join(' ') ?? null,
    lower: percent(campaign.bandLower),
    upper: percent(campaign.bandUpper),
  };
}
