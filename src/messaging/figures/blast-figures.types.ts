import type { Difference } from '../../campaigns/campaigns.types.js';

/** What one blast brought (SMS-6). Its seven states stand beside it; their sum is the audience. */
export interface BlastOutcome {
  handedOver: number;
  failedBy: { code: string | null; count: number }[];
  /** From hand-over to receipt, in seconds, of the delivered; null: none is. */
  latency: { p50: number; p90: number; p99: number } | null;
  billed: number;
  parts: number;
  /** In fen; null: a gateway that sent has no price. */
  costFen: number | null;
  optOuts: number;
  complaints: number;
  treated: number;
  ordered: number;
  heldOut: number;
  heldOutOrdered: number;
  /** Of the treated against those left alone; null: nobody was left alone. */
  uplift: Difference | null;
}

/** A figure as page, API and file show it. */
export interface FigureLine {
  key: string;
  value: number | null;
  /** The rows behind it: the filter of the list of recipients; null: it counts no people. */
  rows: { state?: string; figure?: string } | null;
  unit: 'people' | 'parts' | 'seconds' | 'fen';
}
