import type { BlastState } from '../blasts/blast.states.js';

/** Why a blast with work left gets nowhere, in the order in which they are asked; the first that is so is named. */
export const STALL_CAUSES = [
  'guard',
  'queue_not_running',
  'no_gateway',
  'not_filed',
  'gateway_down',
  'throttled',
  'queue_failing',
  'hanging',
  'in_doubt',
  'no_receipts',
] as const;
export type StallCause = (typeof STALL_CAUSES)[number];

/** In order: its hour has not come. */
export type WaitCause = 'not_before' | 'window';

/** What the sentence of a cause names. Instants as ISO text, so that they can be stored. */
export type StallDetail = Readonly<Record<string, string | number | null>>;

export type Standing =
  | { kind: 'idle' }
  | { kind: 'moving' }
  | { kind: 'waits'; cause: WaitCause; until: Date }
  | { kind: 'stalled'; cause: StallCause; detail: StallDetail; since: Date };

export interface WayOut {
  code: string;
  active: boolean;
  downUntil: Date | null;
  downSince: Date | null;
  downCode: string | null;
  throttledAt: Date | null;
}

/** The job that hands the next batch over: at work, tried in vain, due and not taken, for later, or not there. */
export interface NextJob {
  state: 'running' | 'failing' | 'due' | 'later' | 'none';
  error: string | null;
}

export interface StallFacts {
  state: BlastState;
  /** A limit stopped it, not a person. */
  stoppedByLimit: boolean;
  /** Not handed over yet. */
  left: number;
  /** Taken by a gateway, nothing heard since. */
  awaited: number;
  inDoubt: number;
  /** Of which a network has said something. */
  answered: number;
  notBefore: Date | null;
  /** null: messages may go out now. */
  closedUntil: Date | null;
  gateways: readonly WayOut[];
  /** What the registry of filings lacks for it on its first gateway; null: nothing. */
  unfiled: StallDetail | null;
  job: NextJob;
  /** The last moment at which it moved or had nothing to do. */
  since: Date;
  /** When the jobs looked at blasts last; null: never. */
  lookedAt: Date | null;
}

const MINUTE_MS = 60_000;

/** Where a blast stands: it has nothing to do, moves, waits for its hour, or has stood still for `minutes` with work left (R7). */
export function standingOf(facts: StallFacts, now: Date, minutes: number): Standing {
  const awake = facts.state === 'running' || (facts.state === 'paused' && facts.stoppedByLimit);
  if (!awake || !hasWork(facts)) return { kind: 'idle' };
  const waits = facts.state === 'running' && facts.left > 0 ? hourOf(facts, now) : null;
  if (waits) return waits;
  if (now.getTime() - facts.since.getTime() < minutes * MINUTE_MS) return { kind: 'moving' };
  const [cause, detail] = causeOf(facts, now, minutes);
  return { kind: 'stalled', cause, detail, since: facts.since };
}

/** A few that no network speaks of are people who switched their telephones off; not one word of all of them is a line that does not work. */
const hasWork = ({ left, inDoubt, awaited, answered }: StallFacts): boolean => left > 0 || inDoubt > 0 || (awaited > 0 && answered === 0);

function hourOf({ notBefore, closedUntil }: StallFacts, now: Date): Standing | null {
  if (notBefore && notBefore > now) return { kind: 'waits', cause: 'not_before', until: notBefore };
  return closedUntil ? { kind: 'waits', cause: 'window', until: closedUntil } : null;
}

function causeOf(facts: StallFacts, now: Date, minutes: number): [StallCause, StallDetail] {
  const { left, inDoubt, awaited, lookedAt } = facts;
  if (facts.state === 'paused') return ['guard', { left }];
  if (!lookedAt || now.getTime() - lookedAt.getTime() >= minutes * MINUTE_MS) return ['queue_not_running', { at: lookedAt?.toISOString() ?? null }];
  if (left > 0) return ofTheGateways(facts, now, minutes) ?? ofTheJob(facts);
  return inDoubt > 0 ? ['in_doubt', { count: inDoubt }] : ['no_receipts', { count: awaited }];
}

function ofTheGateways({ gateways, unfiled }: StallFacts, now: Date, minutes: number): [StallCause, StallDetail] | null {
  const usable = gateways.filter(({ active }) => active);
  const [first] = usable;
  if (!first) return ['no_gateway', { gateways: gateways.map(({ code }) => code).join('、') }];
  if (unfiled) return ['not_filed', unfiled];
  const answering = usable.find(({ downSince }) => downSince === null);
  if (!answering) {
    const { code, downCode, downSince, downUntil } = first;
    return ['gateway_down', { gateway: code, code: downCode, at: downSince?.toISOString() ?? null, until: downUntil?.toISOString() ?? null }];
  }
  const throttled = usable.find(({ throttledAt }) => throttledAt !== null && now.getTime() - throttledAt.getTime() < minutes * MINUTE_MS);
  return throttled ? ['throttled', { gateway: throttled.code, at: throttled.throttledAt?.toISOString() ?? null }] : null;
}

function ofTheJob({ job, left }: StallFacts): [StallCause, StallDetail] {
  if (job.state === 'failing') return ['queue_failing', { error: job.error }];
  return job.state === 'running' ? ['hanging', { left }] : ['queue_not_running', { at: null }];
}
