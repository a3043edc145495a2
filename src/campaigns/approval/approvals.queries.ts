import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AudienceQueries } from '../audience.queries.js';
import type { AudienceCount, Campaign, CampaignKind } from '../campaigns.types.js';
import { StepWords } from '../step-words.types.js';
import { needsApproval, standingOf } from './approval.policy.js';
import type { ApprovalRow, ApprovalRule, ApprovalStanding } from './approval.types.js';

const APPROVAL = sql`
  select a.id, a.content, a.customers, a.state, a.asked_by as "askedById", q.name as "askedBy", a.asked_at as "askedAt", d.name as "decidedBy",
         d.role = 'client' as "byClient", a.decided_at as "decidedAt", a.reason
  from campaigns.approval a join staff.v_user q on q.id = a.asked_by left join staff.v_user d on d.id = a.decided_by`;

export interface ApprovalStatus {
  needed: boolean;
  standing: ApprovalStanding;
  /** Nobody but the client may give it: its texts go to so many (SMS-3). */
  clientOnly: boolean;
  last: ApprovalRow | undefined;
}

export interface WaitingRow {
  code: string;
  name: string;
  kind: CampaignKind;
  customers: number;
  askedBy: string;
  askedAt: Date;
}

export interface RuleRow extends ApprovalRule {
  by: string;
  at: Date;
}

const NO_RULE: ApprovalRule = { kinds: [], above: null };

@Injectable()
export class ApprovalsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audience: AudienceQueries,
    private readonly steps: StepWords,
  ) {}

  /** What is in force. */
  async rule(on: Queryable = this.db): Promise<ApprovalRule> {
    return (await on.maybe<ApprovalRule>(sql`select kinds, above from campaigns.approval_rule order by id desc limit 1`)) ?? NO_RULE;
  }

  /** Every rule there was, newest first. */
  ruleHistory(): Promise<RuleRow[]> {
    return this.db.rows<RuleRow>(sql`
      select r.kinds, r.above, u.name as by, r.set_at as at from campaigns.approval_rule r join staff.v_user u on u.id = r.set_by order by r.id desc limit 50`);
  }

  /** Where a campaign stands. @param customers who would be called */
  async status(campaign: Campaign, customers: number, on: Queryable = this.db): Promise<ApprovalStatus> {
    const [rule, last, content] = [await this.rule(on), await this.last(campaign.id, on), await this.content(campaign, on)];
    const words = await this.steps.needed(campaign, customers, on);
    const clientOnly = words.includes('client');
    const standing = standingOf(last, { content, customers });
    return {
      needed: !campaign.standing && (needsApproval(rule, { kind: campaign.kind, customers }) || words.length > 0),
      // somebody else's word is none where the client's is wanted
      standing: standing === 'approved' && clientOnly && last?.byClient !== true ? 'none' : standing,
      clientOnly,
      last,
    };
  }

  /** Who would be called now, of a launched campaign who was. */
  count(campaign: Campaign): Promise<AudienceCount> {
    return campaign.frozenAt ? this.audience.frozen(campaign.id) : this.audience.preview(campaign, dayOf(this.clock.now()));
  }

  /** What is approved: all that a planner decides, and the wordings of its texts as they are now. */
  async content(campaign: Pick<Campaign, 'id' | 'smsStep'>, on: Queryable = this.db): Promise<string> {
    const { content } = await on.one<{ content: string }>(
      sql`select campaigns.content_of(c) as content from campaigns.campaign c where c.id = ${campaign.id}`,
    );
    return [content, await this.steps.wordings(campaign, on)].filter((part) => part !== '').join(' ');
  }

  last(campaignId: string, on: Queryable = this.db): Promise<ApprovalRow | undefined> {
    return on.maybe<ApprovalRow>(sql`${APPROVAL} where a.campaign_id = ${campaignId} order by a.id desc limit 1`);
  }

  /** Newest first. */
  history(campaignId: string): Promise<ApprovalRow[]> {
    return this.db.rows<ApprovalRow>(sql`${APPROVAL} where a.campaign_id = ${campaignId} order by a.id desc`);
  }

  /** What waits for a word, of the campaigns of the reader's units; what oneself asked for is not among it. */
  waiting(user: CurrentUser): Promise<WaitingRow[]> {
    return this.db.rows<WaitingRow>(sql`
      select c.code, c.name, c.kind, a.customers, q.name as "askedBy", a.asked_at as "askedAt"
      from campaigns.approval a join campaigns.campaign c on c.id = a.campaign_id join staff.v_org_unit o on o.id = c.org_unit_id
      join staff.v_user q on q.id = a.asked_by
      where a.state = 'asked' and c.state <> 'closed' and a.asked_by <> ${user.id} and ${inScope(user, sql`o.path`)} order by a.asked_at, a.id`);
  }
}
