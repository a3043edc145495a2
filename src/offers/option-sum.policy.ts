import type { Fen } from '../kernel/money.js';
import type { BillMonth, MonthSum, OptionSum, UseMonth } from './offers.types.js';
import { beyond } from './use.policy.js';

/** A month of use that was billed. */
export interface PaidMonth extends UseMonth {
  amountFen: Fen;
}

/** What an option changes of a month. */
export interface Change {
  /** What is paid for it a month, less what falls away. */
  addedFen: Fen;
  dataQuotaMb: number | null;
  voiceQuotaMin: number | null;
}
export type ChangeOf = (month: UseMonth) => Change;

const average = (sums: readonly MonthSum[]): number => sums.reduce((sum, { fen }) => sum + fen, 0) / sums.length;

/** Average of a month, in whole fen. */
export const averageFen = (sums: readonly MonthSum[]): Fen => Math.round(average(sums));

export function paidMonths(uses: readonly UseMonth[], bills: readonly BillMonth[]): PaidMonth[] {
  const byMonth = new Map(bills.map(({ month, amountFen }) => [month, amountFen]));
  return uses.flatMap((use) => {
    const amountFen = byMonth.get(use.month);
    return amountFen === undefined ? [] : [{ ...use, amountFen }];
  });
}

export const billsOf = (paid: readonly PaidMonth[]): MonthSum[] => paid.map(({ month, amountFen }) => ({ month, fen: amountFen }));

/** The share of what overflowed that an option takes away, of data or of voice; null where nothing overflowed. */
function taken(used: number | null, before: number | null, after: number | null): number | null {
  const over = beyond(used, before);
  return over === 0 ? null : 1 - beyond(used, after) / over;
}

/**
 * The fee beyond the package falls as the overflow does, in proportion. Where data and voice overflowed together the bill does not say what was paid for
 * which: only the smaller share is counted, which is saved in any case.
 */
function savedFen(month: UseMonth, { dataQuotaMb, voiceQuotaMin }: Change): Fen {
  const shares = [taken(month.dataUsedMb, month.dataQuotaMb, dataQuotaMb), taken(month.voiceUsedMin, month.voiceQuotaMin, voiceQuotaMin)];
  const known = shares.filter((share) => share !== null);
  return known.length === 0 ? 0 : Math.round((month.extraFeeFen ?? 0) * Math.min(...known));
}

/** What the months would have cost with an option: each bill, with what the option adds, without what it saves. */
export function sumOf(paid: readonly PaidMonth[], changeOf: ChangeOf): OptionSum {
  const months = paid.map((month): MonthSum => {
    const change = changeOf(month);
    return { month: month.month, fen: month.amountFen + change.addedFen - savedFen(month, change) };
  });
  const now = billsOf(paid);
  const yearlyDifferenceFen = Math.round((average(months) - average(now)) * 12);
  return {
    months,
    averageFen: averageFen(months),
    monthlyDifferenceFen: averageFen(months) - averageFen(now),
    yearlyDifferenceFen,
    costsMore: yearlyDifferenceFen > 0,
  };
}

/** What a package costs that the catalogue does not have: the least that was paid beside the fee beyond it; null where that fee is not known. */
export function packageFeeOnBills(paid: readonly PaidMonth[]): Fen | null {
  const fees = paid.flatMap((month) => {
    const extra = month.extraFeeFen ?? (overflowed(month) ? null : 0);
    return extra === null ? [] : [Math.max(0, month.amountFen - extra)];
  });
  return fees.length === 0 ? null : Math.min(...fees);
}

export const dataOverflowed = (use: UseMonth): boolean => beyond(use.dataUsedMb, use.dataQuotaMb) > 0;
export const voiceOverflowed = (use: UseMonth): boolean => beyond(use.voiceUsedMin, use.voiceQuotaMin) > 0;
export const overflowed = (use: UseMonth): boolean => dataOverflowed(use) || voiceOverflowed(use);
