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

/** Reasons that the product itself notes, in words of the catalogue; all others are as somebody wrote them. */
const OWN_REASONS = ['sms_reply', 'do_not_call', 'erased'];

export const ownReason = (reason: string): string | null => (OWN_REASONS.includes(reason) ? `contact.block_reason.${reason}` : null);

/** The family of a campaign that names no product line: no "these products" anybody would know. */
const NO_LINE = 'marketing';

const scopesOf = (campaign: NamedCampaign | null): string[] =>
  !campaign ? ['marketing', 'all'] : ['marketing', ...(campaign.family === NO_LINE ? [] : ['product']), 'campaign', 'all'];

/** The question before a number is stopped; what concerns one campaign is offered where the contact was about one. */
export const stopView = ({ customerId, lineId, number, name }: StopLine, campaign: NamedCampaign | null, back: string): object => ({
  ...{ id: customerId, name, line: { id: lineId, number }, campaign, back },
  scopes: scopesOf(campaign),
  channels: ['all', 'call', 'sms'],
});
