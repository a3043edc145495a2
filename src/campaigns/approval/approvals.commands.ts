import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { Campaign } from '../campaigns.types.js';
import type { ApprovalRow, ApprovalRule } from './approval.types.js';
import { ApprovalsQueries } from './approvals.queries.js';

interface Decision {
  state: 'approved' | 'refused';
  reason: string | null;
  /** The request that was read. */
  read?: string | undefined;
}

/** A second person's word before a campaign starts: asked for, given or refused with a reason; nobody gives it to what is her own. */
@Injectable()
export class Approvals {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsQueries,
    private readonly queries: ApprovalsQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * Asks for what the campaign is now; an earlier request gives way. Asked again for the same, nothing changes.
   * @throws DomainError not_found · `campaign_of_upper_unit` (403) · `approval_not_needed`, `approval_after_launch` (409)
   */
  async ask(user: CurrentUser, code: string): Promise<ApprovalRow | undefined> {
    const { included } = await this.queries.count(await this.campaigns.toChange(user, code));
    return this.db.tx(async (tx) => {
      const campaign = await this.campaigns.lockToChange(tx, user, code);
      if (campaign.launchedAt ?? campaign.state === 'closed') throw new DomainError('approval_after_launch', { status: 409 });
      const { needed, standing, last } = await this.queries.status(campaign, included, tx);
      if (!needed) throw new DomainError('approval_not_needed', { status: 409 });
      if (standing === 'asked' || standing === 'approved') return last;
      await tx.run(sql`update campaigns.approval set state = 'superseded' where campaign_id = ${campaign.id} and state = 'asked'`);
      await tx.run(sql`
        insert into campaigns.approval (campaign_id, content, customers, asked_by, asked_at)
        values (${campaign.id}, ${await this.queries.content(campaign, tx)}, ${included}, ${user.id}, ${this.clock.now()})`);
      await this.audit.record(tx, user, {
        action: 'campaign.approval-asked',
        object: 'campaign',
        id: campaign.id,
        detail: { code, customers: included },
      });
      return this.queries.last(campaign.id, tx);
    });
  }

  /** @param read the request whoever approves has before her: one made meanwhile may be for something else @throws DomainError see {@link decide} */
  approve(user: CurrentUser, code: string, read?: string): Promise<ApprovalRow | undefined> {
    return this.decide(user, code, { state: 'approved', reason: null, read });
  }

  /** @throws DomainError see {@link decide} */
  refuse(user: CurrentUser, code: string, reason: string): Promise<ApprovalRow | undefined> {
    return this.decide(user, code, { state: 'refused', reason: reason.trim() });
  }

  /**
   * Before a campaign starts. @param customers who is called
   * @throws DomainError `approval_missing`, `approval_waiting`, `approval_refused`, `approval_changed` (409)
   */
  async demand(tx: Tx, campaign: Campaign, customers: number): Promise<void> {
    const { needed, standing } = await this.queries.status(campaign, customers, tx);
    if (!needed || standing === 'approved') return;
    const code = { none: 'approval_missing', asked: 'approval_waiting', refused: 'approval_refused', changed: 'approval_changed' }[standing];
    throw new DomainError(code, { status: 409 });
  }

  /** In force for whatever starts from now on. @returns whether anything changed */
  setRule(user: CurrentUser, rule: ApprovalRule): Promise<boolean> {
    return this.db.tx(async (tx) => {
      await tx.run(sql`lock table campaigns.approval_rule in share row exclusive mode`);
      const before = await this.queries.rule(tx);
      const kinds = [...new Set(rule.kinds)].sort();
      if (before.above === rule.above && [...before.kinds].sort().join() === kinds.join()) return false;
      await tx.run(sql`
        insert into campaigns.approval_rule (kinds, above, set_by, set_at) values (${kinds}::text[], ${rule.above}, ${user.id}, ${this.clock.now()})`);
      const detail = { from: before, to: { kinds, above: rule.above } };
      await this.audit.record(tx, user, { action: 'campaign.approval-rule', object: 'campaign_approval_rule', detail });
      return true;
    });
  }

  /** @throws DomainError not_found · `approval_own`, `approval_client_only`, `campaign_of_upper_unit` (403) · `approval_not_asked`, `approval_changed`, `approval_moved` (409) */
  private decide(user: CurrentUser, code: string, to: Decision): Promise<ApprovalRow | undefined> {
    return this.db.tx(async (tx) => {
      await tx.maybe(sql`select id from campaigns.campaign where code = ${code} for update`);
      const campaign = await this.campaigns.byCode(user, code, tx);
      if (!campaign.orgPath.startsWith(user.orgPath))
        throw new DomainError('campaign_of_upper_unit', { status: 403, params: { unit: campaign.orgUnitName } });
      const last = await this.queries.last(campaign.id, tx);
      if (last?.state !== 'asked') throw new DomainError('approval_not_asked', { status: 409 });
      if (last.askedById === user.id || campaign.createdBy === user.id) throw new DomainError('approval_own', { status: 403 });
      const { clientOnly } = await this.queries.status(campaign, last.customers, tx);
      if (clientOnly && user.role !== 'client') throw new DomainError('approval_client_only', { status: 403 });
      if (to.state === 'approved' && last.content !== (await this.queries.content(campaign, tx)))
        throw new DomainError('approval_changed', { status: 409 });
      if ((to.read ?? last.id) !== last.id) throw new DomainError('approval_moved', { status: 409, params: { customers: last.customers } });
      await tx.run(sql`
        update campaigns.approval set state = ${to.state}, decided_by = ${user.id}, decided_at = ${this.clock.now()}, reason = ${to.reason} where id = ${last.id}`);
      const detail = { code, customers: last.customers, reason: to.reason };
      await this.audit.record(tx, user, { action: `campaign.approval-${to.state}`, object: 'campaign', id: campaign.id, detail });
      return this.queries.last(campaign.id, tx);
    });
  }
}
