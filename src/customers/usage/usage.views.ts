import type { UsageMonth } from './usage.queries.js';

/** Used of a quota: for the bar, its colour, and what stands beside it. */
export interface Share {
  used: string;
  quota: string | null;
  /** 0–100 for the bar; null where there is no quota. */
  percent: number | null;
  over: boolean;
}

export interface UsageRow {
  /** 2026-10 */
  month: string;
  data: Share | null;
  voice: Share | null;
  extraFeeFen: number | null;
  amountFen: number | null;
  items: string | null;
}

const MB_A_GB = 1024;
const gb = (mb: number): string => (mb / MB_A_GB).toFixed(1);

function share(used: number | null, quota: number | null, text: (n: number) => string): Share | null {
  if (used === null) return null;
  const percent = quota ? Math.min(100, Math.round((used / quota) * 100)) : null;
  return { used: text(used), quota: quota === null ? null : text(quota), percent, over: quota !== null && used > quota };
}

export const usageRows = (months: readonly UsageMonth[]): UsageRow[] =>
  months.map(({ month, extraFeeFen, amountFen, items, ...use }) => ({
    month: month.slice(0, 7),
    data: share(use.dataUsedMb, use.dataQuotaMb, gb),
    voice: share(use.voiceUsedMin, use.voiceQuotaMin, String),
    extraFeeFen,
    amountFen,
    items,
  }));

const AVERAGED = 3;

/** What was billed a month, over the last three that have a bill, in whole fen; null without any. */
export function averageBill(months: readonly UsageMonth[]): { fen: number; months: number } | null {
  const bills = months.flatMap(({ amountFen }) => (amountFen === null ? [] : [amountFen])).slice(0, AVERAGED);
  return bills.length === 0 ? null : { fen: Math.round(bills.reduce((sum, fen) => sum + fen, 0) / bills.length), months: bills.length };
}
