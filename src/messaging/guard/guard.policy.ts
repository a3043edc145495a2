import type { BlastRule } from '../figures/blast-rule.types.js';
import type { PausedBy } from '../messaging.types.js';

/** What has come so far. */
export interface GuardCounts {
  optOuts: number;
  complaints: number;
  delivered: number;
}

type Limits = Pick<BlastRule, 'optOutsMost' | 'complaintsMost' | 'guardFrom'>;
const PER = 10_000;

/** What passes its limit, the worse one first; null: nothing, or too few are delivered to judge. */
export function overLimit(counts: GuardCounts, base: GuardCounts | null, limits: Limits): Omit<PausedBy, 'at'> | null {
  const delivered = counts.delivered - (base?.delivered ?? 0);
  if (delivered < limits.guardFrom) return null;
  const kinds = [
    { kind: 'complaints', limit: limits.complaintsMost },
    { kind: 'optOuts', limit: limits.optOutsMost },
  ] as const;
  for (const { kind, limit } of kinds) {
    const count = counts[kind] - (base?.[kind] ?? 0);
    if (limit !== null && count * PER > limit * delivered) return { kind, count, delivered, limit };
  }
  return null;
}

/** With fewer opt-outs no number of delivered can pass the limit: nothing needs to be counted. */
export function mayPass({ optOuts }: Pick<GuardCounts, 'optOuts'>, base: GuardCounts | null, { optOutsMost, guardFrom }: Limits): boolean {
  return optOutsMost !== null && (optOuts - (base?.optOuts ?? 0)) * PER > optOutsMost * guardFrom;
}
