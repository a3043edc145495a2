import { DomainError } from '../../kernel/errors.js';
import type { CampaignPatch } from '../campaign-edit.policy.js';
import type { AudienceCount, Campaign } from '../campaigns.types.js';
import type { Script } from '../script/script.types.js';
import { leastDetectable } from './detectable.policy.js';
import { type Comparison, type GroupCounts, MEASURES, type Uplift, type UsualShare, type Verdict } from './experiment.types.js';
import { TREATED, treatedOf } from './uplift.policy.js';
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

/** What the groups of a campaign can show before it starts; null when there is only one group. */
export function detectableView(campaign: Campaign, count: AudienceCount, usual: UsualShare) {
  const part = (percent: number): number => Math.floor((count.included * percent) / 100);
  const [own, ...tried] = arms(campaign).map(({ key, percent }) => ({ key, people: part(percent) }));
  const holdOut = count.excluded.hold_out ?? 0;
  const pairs = tried.map(({ key, people }) => ({ of: key, against: 'A', groups: [people, own?.people ?? 0] as [number, number] }));
  if (campaign.holdoutPercent > 0) pairs.unshift({ of: TREATED, against: 'hold_out', groups: [count.included, holdOut] });
  if (pairs.length === 0) return null;
  return {
    ...usual,
    assumed: usual.people === 0,
    rows: pairs.map(({ of, against, groups }) => ({ of, against, people: Math.min(...groups), least: leastDetectable(usual.share, groups) })),
  };
}

export const VERDICT_CHIPS: Record<Verdict, { kind: string; icon: string }> = {
  'too-few': { kind: '', icon: 'hourglass' },
  'no-difference': { kind: '', icon: 'equal' },
  better: { kind: 'ok', icon: 'trending-up' },
  worse: { kind: 'bad', icon: 'trending-down' },
};

const shareIn = (groups: GroupCounts[], key: string, measure: Comparison['measure']): number | null => {
  const group = groups.find((one) => one.key === key);
  return group && group.people > 0 ? group[measure] / group.people : null;
};

/** The comparisons of a campaign, one table each, with the groups they are made of. */
export function upliftView(campaign: Campaign, { since, groups, comparisons }: Uplift) {
  const names = new Map(arms(campaign).map(({ key, name }) => [key, name]));
  const all = [...groups, treatedOf(groups)].map((group) => ({
    ...group,
    name: names.get(group.key),
    calledShare: group.people > 0 ? group.called / group.people : null,
  }));
  const pairs = [...new Set(comparisons.map(({ of, against }) => `${of} ${against}`))].map((pair) => pair.split(' ') as [string, string]);
  return {
    since,
    tables: pairs.map(([of, against]) => ({
      of: all.find(({ key }) => key === of),
      against: all.find(({ key }) => key === against),
      rows: comparisons
        .filter((one) => one.of === of && one.against === against)
        .map(({ measure, difference, interval, verdict, needed }) => ({
          measure,
          ofShare: shareIn(all, of, measure),
          againstShare: shareIn(all, against, measure),
          difference,
          low: interval?.[0],
          high: interval?.[1],
          needed,
          verdict,
          chip: VERDICT_CHIPS[verdict],
        })),
    })),
    measures: MEASURES,
  };
}
