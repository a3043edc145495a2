import { DomainError } from '../../kernel/errors.js';
import type { Campaign } from '../campaigns.types.js';
import type { AudienceForm } from './wizard.forms.js';

/** What the boxes of the page can say; a program may write more. */
interface PageFilter {
  starLevel?: number[];
  city?: string[];
  manager?: string[];
  minArpuFen?: number;
  maxArpuFen?: number;
}

interface Ticked {
  starLevel?: number[] | undefined;
  city?: string[] | undefined;
  manager?: string[] | undefined;
  minArpu?: number | undefined;
  maxArpu?: number | undefined;
}

type Filter = Record<string, unknown>;

const BOXES = ['starLevel', 'city', 'manager', 'minArpuFen'];
const EXCLUDE_BOXES = [...BOXES, 'maxArpuFen'];

const written = (filter: Filter | null, boxes: readonly string[]): boolean =>
  filter !== null && Object.keys(filter).some((key) => !boxes.includes(key));
/** Whether a program wrote a filter that the boxes cannot show: only what is ticked in them replaces it. */
export const isWritten = ({ filter }: Pick<Campaign, 'filter'>): boolean => written(filter, BOXES);
export const isExclusionWritten = ({ excludeFilter }: Pick<Campaign, 'excludeFilter'>): boolean => written(excludeFilter, EXCLUDE_BOXES);

const fen = (yuan: number): number => Math.round(yuan * 100);
const yuan = (fen: number | undefined): number | '' => (fen === undefined ? '' : fen / 100);

/** Null when no condition was chosen: an empty filter would mean everybody. */
function filterOf({ starLevel, city, manager, minArpu, maxArpu }: Ticked): Filter | null {
  const filter: PageFilter = {};
  if (starLevel?.length) filter.starLevel = [...starLevel].sort((a, b) => b - a);
  if (city?.length) filter.city = city;
  if (manager?.length) filter.manager = manager;
  if (minArpu !== undefined) filter.minArpuFen = fen(minArpu);
  if (maxArpu !== undefined) filter.maxArpuFen = fen(maxArpu);
  return Object.keys(filter).length === 0 ? null : { ...filter };
}

/** Whom the boxes mean; without any the filter a program wrote stands. */
export const audienceFilter = (form: AudienceForm, campaign: Campaign): Filter | null =>
  filterOf({ ...form, maxArpu: undefined }) ?? (isWritten(campaign) ? campaign.filter : null);

/** Whom the boxes leave out: who meets all of them. @throws DomainError `arpu_reversed` at xMaxArpu */
export function exclusionFilter(form: AudienceForm, campaign: Campaign): Filter | null {
  const { xStarLevel, xCity, xManager, xMinArpu, xMaxArpu } = form;
  if (xMinArpu !== undefined && xMaxArpu !== undefined && xMinArpu > xMaxArpu) throw new DomainError('arpu_reversed', { param: 'xMaxArpu' });
  const ticked = filterOf({ starLevel: xStarLevel, city: xCity, manager: xManager, minArpu: xMinArpu, maxArpu: xMaxArpu });
  return ticked ?? (isExclusionWritten(campaign) && form.xDrop !== 'yes' ? campaign.excludeFilter : null);
}

export function audienceValues(campaign: Campaign) {
  const filter = (isWritten(campaign) ? {} : (campaign.filter ?? {})) as PageFilter;
  const left = (isExclusionWritten(campaign) ? {} : (campaign.excludeFilter ?? {})) as PageFilter;
  return {
    segment: campaign.segment ?? '',
    starLevel: filter.starLevel ?? [],
    city: filter.city ?? [],
    manager: filter.manager ?? [],
    minArpu: yuan(filter.minArpuFen),
    holdoutPercent: campaign.holdoutPercent,
    exclude: campaign.excludeSegments,
    xStarLevel: left.starLevel ?? [],
    xCity: left.city ?? [],
    xManager: left.manager ?? [],
    xMinArpu: yuan(left.minArpuFen),
    xMaxArpu: yuan(left.maxArpuFen),
    take: campaign.waveTake,
    mostTogether: campaign.mostTogether ?? '',
  };
}

const LISTS = ['city', 'manager', 'exclude', 'xCity', 'xManager', 'take'];

/** What was typed, with the ticked boxes as lists again. */
export function typedAudience(body: Record<string, unknown>) {
  const list = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
  return {
    ...body,
    ...Object.fromEntries(LISTS.map((name) => [name, list(body[name])])),
    starLevel: list(body.starLevel).map(Number),
    xStarLevel: list(body.xStarLevel).map(Number),
  };
}
