import type { CampaignKind } from '../campaigns.types.js';
import type { ApprovalRow, ApprovalRule, ApprovalStanding } from './approval.types.js';

/** An audience breathes with each import; by more than a tenth it is another one. */
const GROWTH = 1.1;

export const needsApproval = ({ kinds, above }: ApprovalRule, campaign: { kind: CampaignKind; customers: number }): boolean =>
  kinds.includes(campaign.kind) || (above !== null && campaign.customers > above);

/** What the last request is worth now. A refusal stands until somebody asks again. */
export function standingOf(
  last: Pick<ApprovalRow, 'state' | 'content' | 'customers'> | undefined,
  now: { content: string; customers: number },
): ApprovalStanding {
  if (!last || last.state === 'superseded') return 'none';
  if (last.state === 'refused') return 'refused';
  const same = last.content === now.content && now.customers <= last.customers * GROWTH;
  return same ? last.state : 'changed';
}
