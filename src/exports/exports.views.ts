import { numberOf } from './export-mark.policy.js';
import { discreet } from './export-filter.policy.js';
import type { ExportRow, ExportState, Words } from './exports.types.js';

const CHIPS: Record<ExportState, { kind: string; icon: string }> = {
  delivered: { kind: 'ok', icon: 'check' },
  waiting: { kind: 'warn', icon: 'hourglass' },
  refused: { kind: 'bad', icon: 'ban' },
  withdrawn: { kind: '', icon: 'arrow-back-up' },
  queued: { kind: 'info', icon: 'loader-2' },
  ready: { kind: 'ok', icon: 'file-download' },
  failed: { kind: 'bad', icon: 'alert-circle' },
  expired: { kind: '', icon: 'clock-off' },
};

/** The filter in words, one fact a field; numbers masked. */
export const filterFacts = (filter: object, { t }: Words): { label: string; value: string }[] =>
  Object.entries(discreet(filter)).map(([field, value]) => {
    const word = (...keys: string[]): string | undefined => keys.map((key) => t(key)).find((text, i) => text !== keys[i]);
    const text = String(value);
    return { label: word(`exports.field.${field}`) ?? field, value: word(`exports.value.${field}.${text}`, `${field}.${text}`) ?? text };
  });

export interface ExportView extends ExportRow {
  number: string;
  chip: { kind: string; icon: string };
  facts: { label: string; value: string }[];
  mayFetch: boolean;
  mayWithdraw: boolean;
  mayDecide: boolean;
}

export interface Reading {
  viewer: { id: string };
  decides: boolean;
  words: Words;
}

export const exportView = (row: ExportRow, { viewer, decides, words }: Reading): ExportView => {
  const own = row.requesterId === viewer.id;
  return {
    ...row,
    number: numberOf(row.id),
    chip: CHIPS[row.state],
    facts: filterFacts(row.filter, words),
    mayFetch: own && row.state === 'ready',
    mayWithdraw: own && row.state === 'waiting',
    mayDecide: !own && decides && row.state === 'waiting',
  };
};

/** An export for programs. */
export const exportJson = (row: ExportRow, words: Words): object => ({
  id: row.id,
  number: numberOf(row.id),
  what: row.what,
  title: words.t(`exports.what.${row.what}`),
  format: row.format,
  filter: discreet(row.filter),
  state: row.state,
  rows: row.madeRows ?? row.rows,
  reason: row.reason,
  requestedBy: row.requester,
  requestedAt: row.requestedAt,
  decidedBy: row.decider,
  decidedAt: row.decidedAt,
  refusal: row.refusal,
  fault: row.fault,
  bytes: row.bytes,
  expiresAt: row.expiresAt,
});
