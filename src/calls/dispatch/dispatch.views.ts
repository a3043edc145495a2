import type { Words } from '../../exports/exports.types.js';
import type { DispatchRow } from './dispatch.queries.js';
import type { BalanceRow, DispatchBalance, DispatchFilter, DispatchItem } from './dispatch.types.js';

const OWN_REASONS = new Set(['max_attempts', 'campaign_closed', 'care_fulfilled', 'expired']);

/** Why a dispatch ended, in words: an outcome by its label, a reason of the gate or of ours by its sentence, anything else by its code. */
export function reasonText(
  { t, locale }: Words,
  { reason, outcomeZh, outcomeEn }: { reason: string; outcomeZh: string | null; outcomeEn: string | null },
): string {
  const outcome = locale === 'en' ? outcomeEn : outcomeZh;
  if (outcome) return outcome;
  const sentence = OWN_REASONS.has(reason) ? t(`dispatch.reason.${reason}`) : t(`contact.reason.${reason}`);
  return sentence === `contact.reason.${reason}` ? reason : sentence;
}

/** What the API gives: no words of the page. */
export function toItem({ campaignName: _name, managerName: _manager, outcomeZh: _zh, outcomeEn: _en, ...item }: DispatchRow): DispatchItem {
  return item;
}

const NOTHING: DispatchBalance = {
  dispatched: 0,
  open: 0,
  returned: 0,
  done: 0,
  notReached: 0,
  undone: 0,
  dueSoon: 0,
  overdue: 0,
  toTell: 0,
};
export const BALANCE_KEYS = Object.keys(NOTHING) as (keyof DispatchBalance)[];

export function sumOf(rows: readonly BalanceRow[]): DispatchBalance {
  const total = { ...NOTHING };
  for (const row of rows) for (const key of BALANCE_KEYS) total[key] += row[key];
  return total;
}

/** Which list stands behind a figure. */
const BEHIND: Partial<Record<keyof DispatchBalance, DispatchFilter>> = {
  dispatched: {},
  open: { state: 'open' },
  returned: { state: 'returned' },
  done: { state: 'done' },
  notReached: { state: 'not_reached' },
  undone: { state: 'undone' },
  dueSoon: { due: 'soon' },
  overdue: { due: 'overdue' },
};

const PATH = '/dispatches';

export function dispatchesUrl(filter: DispatchFilter): string {
  const values = Object.entries(filter).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return values.length > 0 ? `${PATH}?${new URLSearchParams(values).toString()}` : PATH;
}

/** Figures with the address of the rows behind each, in the order given. */
export const figures = (balance: DispatchBalance, keys: readonly (keyof DispatchBalance)[], within: DispatchFilter) =>
  keys.map((key) => {
    const behind = BEHIND[key];
    return { key, value: balance[key], href: behind && `${dispatchesUrl({ ...within, ...behind })}#rows` };
  });

const TONES: Record<string, string> = { done: 'ok', not_reached: 'warn', returned: '' };

export function rowView(row: DispatchRow, words: Words, today: string) {
  return {
    ...row,
    chip: row.result ?? 'open',
    tone: row.result ? (TONES[row.result] ?? '') : 'info',
    late: row.state === 'open' && row.deadline < today,
    why: row.reason ? reasonText(words, { ...row, reason: row.reason }) : '',
  };
}
