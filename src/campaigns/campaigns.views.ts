import { share } from '../kernel/statistics.js';
import { allowedActions, type CampaignAction } from './campaign.states.js';
import type { CampaignListRow } from './campaigns.queries.js';
import { type AudienceCount, CAMPAIGN_STATES, type Campaign, type CampaignState, type TransitionRow } from './campaigns.types.js';

interface Chip {
  kind: string;
  icon: string;
  key: string;
}

const CHIPS: Record<CampaignState, Omit<Chip, 'key'>> = {
  draft: { kind: '', icon: 'pencil' },
  scheduled: { kind: 'info', icon: 'clock' },
  running: { kind: 'ok', icon: 'player-play' },
  paused: { kind: 'warn', icon: 'player-pause' },
  closed: { kind: '', icon: 'flag' },
};

export const stateChip = (state: CampaignState): Chip => ({ ...CHIPS[state], key: state });

const ACTION_ICONS: Record<CampaignAction, string> = {
  launch: 'rocket',
  start: 'player-play',
  pause: 'player-pause',
  resume: 'player-play',
  close: 'flag',
};

/** A row of the list: how far the list is worked off. */
export const listRow = (campaign: CampaignListRow) => ({
  ...campaign,
  href: campaignUrl(campaign.code),
  chip: stateChip(campaign.state),
  // a scheduled campaign has a list, but no tasks yet
  listed: campaign.tasksTotal || campaign.included,
  done: share(campaign.tasksClosed, campaign.tasksTotal),
  bandUrl: hasBand(campaign) ? `/reports/campaigns/${encodeURIComponent(campaign.code)}/funnel` : undefined,
});

/** A campaign that has not begun has nothing to be judged, whatever limits it took over. */
const hasBand = ({ state, bandLower, bandUpper }: Campaign): boolean =>
  (bandLower !== null || bandUpper !== null) && state !== 'draft' && state !== 'scheduled';

/** The campaigns of a page whose band chips reports are asked for, in one go; empty when none has limits. */
export const bandIds = (campaigns: readonly Campaign[]): string =>
  campaigns
    .filter(hasBand)
    .map(({ id }) => id)
    .join(',');

export const campaignUrl = (code: string): string => `/campaigns/${encodeURIComponent(code)}`;

/** The pills above the list, each with the number it leads to; they add up to all. */
export function statePills(counts: Record<string, number>, current: string | undefined) {
  const pills = [...CAMPAIGN_STATES, 'standing'].map((state) => ({ state, count: counts[state] ?? 0, current: state === current }));
  return [{ state: '', count: pills.reduce((sum, { count }) => sum + count, 0), current: !current }, ...pills];
}

/** Who gets called: the sum, the parts of a bar of 1000, and the reasons, most frequent first. The hold-out stands apart from the excluded. */
export function audienceView(count: AudienceCount) {
  const holdOut = count.excluded.hold_out ?? 0;
  const out = count.matched - count.included - holdOut;
  const width = (part: number): number => (count.matched === 0 ? 0 : Math.round((part / count.matched) * 1000));
  const rows = Object.entries(count.excluded)
    .filter(([reason]) => reason !== 'hold_out')
    .map(([reason, people]) => ({ reason, people, share: share(people, count.matched) }))
    .sort((a, b) => b.people - a.people || a.reason.localeCompare(b.reason));
  return {
    ...count,
    holdOut,
    out,
    outShare: share(out, count.matched),
    includedShare: share(count.included, count.matched),
    holdOutShare: share(holdOut, count.matched),
    rows,
    parts: [
      { kind: 'brand', x: 0, width: width(count.included) },
      { kind: 'brand2', x: width(count.included), width: width(holdOut) },
      { kind: 'none', x: width(count.included) + width(holdOut), width: width(out) },
    ],
  };
}

export const historyRow = (row: TransitionRow) => ({ ...row, chip: stateChip(row.toState) });

interface Edit {
  at: Date;
  actor: string;
  detail: string | null;
}

/** A change of the draft or of a running campaign, as the audit log keeps it: which fields, not what stood in them. */
export function editRow({ at, actor, detail }: Edit) {
  const { fields } = JSON.parse(detail ?? '{}') as { fields?: string[] };
  return { at, byName: actor, why: null, fields: fields ?? [] };
}

/** What stands above every tab of a campaign. */
export const headView = (campaign: Campaign, mayChange: boolean) => ({
  campaign,
  url: campaignUrl(campaign.code),
  chip: stateChip(campaign.state),
  mayChange,
  actions: mayChange
    ? allowedActions(campaign)
        .filter((action) => action !== 'launch')
        .map((action) => ({ action, icon: ACTION_ICONS[action] }))
    : [],
  mayLaunch: mayChange && campaign.state === 'draft' && !campaign.building,
  mayEdit: mayChange && campaign.state !== 'closed' && !campaign.building,
  asksApproval: campaign.approvals > 0,
  mayCopy: mayChange && !campaign.standing,
  mayDiscard: mayChange && campaign.state === 'draft' && !campaign.building,
});
