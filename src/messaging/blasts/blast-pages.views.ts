import { dayOf } from '../../kernel/day.js';
import { BLAST_STATES, canDo, COUNT_KEYS, type CountKey, statesOf } from './blast.states.js';
import { BLAST_ORIGINS, type BlastListQuery } from './blast-list.forms.js';
import type { MinuteRow } from './blast-counts.queries.js';
import type { Blast, BlastMessageRow } from '../messaging.types.js';
import { meaningOf, toldOf } from '../retry/failure-kinds.policy.js';
import type { Failure } from '../retry/retry.queries.js';
import type { Standing } from '../stalls/stall.policy.js';

/** Colours of the seven figures (ui.md 6). */
const KIND: Readonly<Record<CountKey, string>> = {
  queued: 'none',
  submitted: 'brand2',
  delivered: 'ok',
  failed: 'bad',
  expired: 'gold',
  inDoubt: 'care',
  refused: 'teal',
};
const CHIP: Readonly<Record<Blast['state'], { kind: string; icon: string }>> = {
  draft: { kind: '', icon: 'pencil' },
  running: { kind: 'info', icon: 'loader-2' },
  paused: { kind: 'warn', icon: 'player-pause' },
  done: { kind: 'ok', icon: 'check' },
  cancelled: { kind: '', icon: 'x' },
};
const RECIPIENT_CHIP: Readonly<Record<CountKey, string>> = {
  queued: '',
  submitted: 'info',
  delivered: 'ok',
  failed: 'bad',
  expired: 'warn',
  inDoubt: 'care',
  refused: 'teal',
};
/** The split is a thousand wide. */
const WHOLE = 1000;

/** One that is set going for later has not begun: the chip says so, and when it will. */
export function blastChip({ state, notBefore }: Pick<Blast, 'state' | 'notBefore'>, now: Date): object {
  if (state === 'running' && notBefore && notBefore > now) return { word: 'scheduled', kind: 'info', icon: 'clock', at: notBefore };
  return { word: state, ...CHIP[state] };
}

export const blastListRow = (blast: Blast, standing: Standing | undefined, now: Date): object => ({
  ...blast,
  chip: blastChip(blast, now),
  settled: settledShare(blast),
  stalled: standing?.kind === 'stalled' ? standing.cause : null,
});

/** What the list is narrowed by; the pills count what the other conditions leave. */
export const blastsView = (ask: BlastListQuery, counts: Partial<Record<Blast['state'], number>>): object => ({
  ask,
  origins: BLAST_ORIGINS,
  filtered: Boolean(ask.state ?? ask.origin ?? ask.q),
  pills: [
    { state: '', count: BLAST_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0), current: !ask.state },
    ...BLAST_STATES.map((state) => ({ state, count: counts[state] ?? 0, current: state === ask.state })),
  ],
});

/** Recipients whose fate is known, as a share; null while there is no audience. */
function settledShare({ audience, counts }: Blast): number | null {
  return audience === 0 ? null : (audience - counts.queued - counts.submitted - counts.inDoubt) / audience;
}

function split({ audience, counts }: Blast): object[] {
  let x = 0;
  return COUNT_KEYS.map((key) => {
    const width = audience === 0 ? 0 : (counts[key] / audience) * WHOLE;
    const piece = { kind: KIND[key], x: x.toFixed(2), width: width.toFixed(2) };
    x += width;
    return piece;
  });
}

export interface ProgressFacts {
  blast: Blast;
  failures: readonly Failure[];
  minutes: readonly MinuteRow[];
  median: number | null;
  now: Date;
}

/** How it stands; `way`: the gateway that its cause names, as a list of one or none. */
export const standingView = (standing: Standing, { ways }: Pick<Blast, 'ways'>): object => {
  const named = standing.kind === 'stalled' ? standing.detail.gateway : null;
  return { ...standing, ways, way: ways.filter(({ code }) => code === named) };
};

/** Its figures move by themselves: the browser is asked to come again. */
export const isMoving = ({ state, counts }: Pick<Blast, 'state' | 'counts'>): boolean =>
  state === 'running' || (state === 'cancelled' && counts.submitted > 0);

/** The part of a blast's page that moves. */
export function progressView({ blast, failures, minutes, median, now }: ProgressFacts): object {
  const { counts, refusedBy, parts, billed } = blast;
  return {
    blast,
    chip: blastChip(blast, now),
    live: isMoving(blast),
    settled: settledShare(blast),
    split: split(blast),
    figures: COUNT_KEYS.map((key) => ({
      key,
      kind: KIND[key],
      count: counts[key],
      median: key === 'delivered' && median !== null ? median.toFixed(0) : null,
    })),
    /** R8: everybody is in one of three. */
    sums: {
      sent: counts.submitted + counts.delivered + counts.inDoubt,
      failed: counts.failed + counts.expired,
      skipped: counts.refused,
      left: counts.queued,
    },
    refused: Object.entries(refusedBy)
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count),
    failures: failures.map((row) => ({
      ...row,
      query: encodeURIComponent(row.networkCode ?? '-'),
      told: toldOf(row.networkCode),
    })),
    parts,
    mean: billed > 0 ? (parts / billed).toFixed(2) : null,
    minutes: [...minutes].reverse(),
    severalDays: new Set(minutes.map(({ minute }) => dayOf(minute))).size > 1,
    mayStart: canDo('start', blast.state),
    mayPause: canDo('pause', blast.state) && counts.queued > 0,
    mayResume: canDo('resume', blast.state),
    mayCancel: canDo('cancel', blast.state),
  };
}

export const messagePills = (blast: Blast, ask: { state?: string | undefined; figure?: string | undefined; code?: string | undefined }): object[] => [
  { state: null, count: blast.audience, current: !ask.state && !ask.figure && !ask.code },
  ...COUNT_KEYS.map((key) => ({ state: key, count: blast.counts[key], current: ask.state === key })),
];

/** What a list opened from a number shows besides its state; texts as keys. */
export const narrowedView = ({
  reason,
  code,
  figure,
}: {
  reason?: string | undefined;
  code?: string | undefined;
  figure?: string | undefined;
}): object => ({
  narrowed: reason ? { key: `sms.reason.${reason}` } : figure ? { key: `sms.figure.${figure}` } : code ? narrowedByCode(code) : null,
});

function narrowedByCode(asked: string): object {
  const { key, code } = toldOf(asked);
  return { key: key && `sms.reason.${key}`, code };
}

/** @param ways of its blast: page and file read codes alike */
export const messageListRow = (row: BlastMessageRow, { ways }: Pick<Blast, 'ways'>) => {
  const key = COUNT_KEYS.find((each) => statesOf(each).includes(row.state)) ?? 'queued';
  const told = toldOf(row.networkCode);
  return {
    ...row,
    chip: RECIPIENT_CHIP[key],
    at: row.finishedAt ?? row.submittedAt,
    // whoever got it has no reason; what the network answered stands behind the word
    code: key === 'delivered' ? null : told.code,
    answered: key === 'delivered' ? row.networkCode : null,
    // a code says little to whoever does not know the protocol
    failure: key === 'failed' && told.code !== null ? meaningOf(row.networkCode, ways) : null,
    reasonKey:
      ['refused', 'cancelled'].includes(row.state) || ['expired', 'no_receipt'].includes(row.reason ?? '') ? row.reason : toldOf(row.reason).key,
  };
};
