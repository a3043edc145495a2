import type { NamedCampaign } from '../named-campaigns.queries.js';
import type { BlockRow, StopLine } from './blocks.queries.js';

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

/** The question before a number is stopped; what concerns one campaign is offered where the contact was about one. */
export const stopView = ({ customerId, lineId, number, name }: StopLine, campaign: NamedCampaign | null, back: string): object => ({
  ...{ id: customerId, name, line: { id: lineId, number }, campaign, back },
  scopes: campaign ? ['marketing', 'product', 'campaign', 'all'] : ['marketing', 'all'],
  channels: ['all', 'call', 'sms'],
});
