import type { BlockRow } from './blocks.queries.js';

export const blockView = ({ id, number, channel, scope, productFamily, campaign, reason, source, until, createdAt }: BlockRow): object => ({
  id,
  phone: number,
  channel,
  scope,
  productFamily,
  campaign,
  reason,
  source,
  until,
  createdAt,
});
