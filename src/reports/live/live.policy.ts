import type { BandState } from '../band.policy.js';
import type { BandRate, BandRule } from '../band/band.types.js';
import type { Direction } from '../band/watch.policy.js';
import type { Agent, AgentFacts, AgentState, LiveCampaign, Standing } from './live.types.js';

/** Longer than this nobody talks and writes about one customer: the lease runs out after 30. */
const LONG_MINUTES = 20;
const MINUTE_MS = 60_000;

/** What somebody does at this moment. */
export function agentOf(facts: AgentFacts, now: Date): Agent {
  const state = stateOf(facts, now);
  const since = state === 'call' || state === 'long' ? facts.heldSince : state === 'away' || state === 'off' ? null : facts.lastAttemptAt;
  return { ...facts, state, since };
}

function stateOf({ heldSince, share, left, lastAttemptAt }: AgentFacts, now: Date): AgentState {
  if (heldSince) return now.getTime() - heldSince.getTime() > LONG_MINUTES * MINUTE_MS ? 'long' : 'call';
  if (share === 0) return 'away';
  if (left === 0) return 'dry';
  return lastAttemptAt ? 'idle' : 'off';
}

/** Calls a rostered manager makes in about an hour: with fewer left for each, a list runs dry before anybody can fill it. */
const CALLS_AN_HOUR = 8;

/** A campaign somebody dials today whose ready tasks last no hour more for those who dial it. */
export const runsDry = ({ agents, ready }: Pick<LiveCampaign, 'agents' | 'ready'>): boolean => agents > 0 && ready < agents * CALLS_AN_HOUR;

interface OpenBreach {
  rate: BandRate;
  direction: Direction;
  rule: BandRule;
  openedAt: Date;
}

/**
 * A campaign is out of its band exactly when a breach of it is open. What its calls say beyond that has a reason: the watch looks once an hour, and at campaigns that
 * run. An open breach stays one until enough calls lie in the band again.
 */
export function standingOf(judged: BandState | null, breaches: readonly OpenBreach[], running: boolean): Standing | null {
  const open = breaches.find(({ rate }) => rate === 'total') ?? breaches[0];
  if (open) return { state: open.direction, rate: open.rate, rule: open.rule, since: open.openedAt, why: null };
  if (judged === null) return null;
  const out = judged === 'below' || judged === 'above';
  return { state: out ? 'pending' : judged, rate: 'total', rule: null, since: null, why: !out ? null : running ? 'not_looked' : 'not_running' };
}

interface Banded {
  attempts: number;
  band: { lower: number | null; upper: number | null } | null;
}

/** One band for a day of several campaigns: the mean of their limits, each as heavy as its calls; null where none has one. */
export function bandOfDay(campaigns: readonly Banded[]): { lower: number | null; upper: number | null } {
  const mean = (of: 'lower' | 'upper'): number | null => {
    const limits = campaigns.flatMap(({ attempts, band }) => (band && band[of] !== null && attempts > 0 ? [{ attempts, limit: band[of] }] : []));
    const calls = limits.reduce((sum, one) => sum + one.attempts, 0);
    return calls === 0 ? null : limits.reduce((sum, one) => sum + one.attempts * one.limit, 0) / calls;
  };
  return { lower: mean('lower'), upper: mean('upper') };
}
