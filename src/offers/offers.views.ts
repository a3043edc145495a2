import type { OfferRow } from './offers.queries.js';

const MB_A_GB = 1024;

/** 50 GB, 512 MB; null when it brings none. */
export const dataText = (mb: number | null): string | null =>
  mb === null ? null : mb >= MB_A_GB ? `${Number((mb / MB_A_GB).toFixed(1)).toLocaleString('en-US')} GB` : `${mb} MB`;

export const offerView = (row: OfferRow): object => ({ ...row, data: dataText(row.dataMb), excluded: row.excludes.join('、') });
