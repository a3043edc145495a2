import type { BlockRow } from './blocks.queries.js';

export const blockView = ({ id, number, channel, scope, reason, source, until, createdAt }: BlockRow): object => ({
  id,
  phone: number,
  channel,
  scope,
  reason,
  source,
  until,
  createdAt,
});
