import { DomainError } from '../kernel/errors.js';
import type { Campaign } from './campaigns.types.js';
import { sharesOf } from './experiment/variant.policy.js';

/** What may change while calls are made: how they are made, never who is called. */
type WhileItLives =
  | 'name'
  | 'goal'
  | 'endsOn'
  | 'script'
  | 'variants'
  | 'maxAttempts'
  | 'minGapMinutes'
  | 'firstDialHours'
  | 'completionHours'
  | 'limitHours'
  | 'bandLower'
  | 'bandUpper'
  | 'bandMinAttempts'
  | 'callWindow'
  | 'callerNumber';
/** Decides the audience and its frozen split; open only in a draft. */
const BEFORE_LAUNCH = [
  'kind',
  'startsOn',
  'segmentId',
  'filter',
  'excludeSegmentIds',
  'excludeFilter',
  'waveTake',
  'mostTogether',
  'smsStep',
  'assignment',
  'holdoutPercent',
  'productFamily',
] as const;

export type EditableField = WhileItLives | (typeof BEFORE_LAUNCH)[number];
export type CampaignPatch = Partial<Pick<Campaign, EditableField>>;

/** Equal as data: the database gives the keys of an object back in an order of its own. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, canonical(inner)]);
};
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
const isFrozen = (field: string): boolean => (BEFORE_LAUNCH as readonly string[]).includes(field);

/**
 * The fields of a patch that differ from the campaign.
 * @throws DomainError `campaign_closed` (409), `campaign_building` (409), `campaign_frozen` (409) at the first field that may not change any more
 */
export function changesOf(campaign: Campaign, patch: CampaignPatch): CampaignPatch {
  const changed = Object.entries(patch).filter(([field, value]) => value !== undefined && !isSame(campaign[field as EditableField], value));
  if (changed.length > 0 && campaign.state === 'closed') throw new DomainError('campaign_closed', { status: 409 });
  if (changed.length > 0 && campaign.building) throw new DomainError('campaign_building', { status: 409 });
  const [frozen] = campaign.state === 'draft' ? [] : changed.filter(([field]) => isFrozen(field));
  if (frozen) throw new DomainError('campaign_frozen', { status: 409, param: frozen[0] });
  if (campaign.state !== 'draft' && patch.variants && !isSame(sharesOf(campaign.variants), sharesOf(patch.variants))) {
    throw new DomainError('campaign_frozen', { status: 409, param: 'variants' });
  }
  return Object.fromEntries(changed);
}
