import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { InvalidInput } from '../../kernel/errors.js';
import { maskPhone } from '../../kernel/phone.js';
import { Database } from '../../platform/database/database.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { reachFault, scopeOf } from './block-scope.policy.js';
import { type BlockRow, BlocksQueries } from './blocks.queries.js';
import { ContactCommands } from '../contact.commands.js';
import type { BlockForm, LiftForm } from './blocks.forms.js';
import { NamedCampaigns } from '../named-campaigns.queries.js';
import { instantOf, requireNumber } from '../number.policy.js';

/** What people do with the do-not-contact list, each with its line in the audit log. */
@Injectable()
export class BlocksCommands {
  constructor(
    private readonly db: Database,
    private readonly contact: ContactCommands,
    private readonly queries: BlocksQueries,
    private readonly campaigns: NamedCampaigns,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** A number may be blocked before it is known. @throws DomainError block_until_past, block_family_missing, block_campaign_missing, block_scope_mixed, contact_campaign_unknown */
  async add(user: CurrentUser, form: BlockForm): Promise<BlockRow> {
    const number = requireNumber(form.phone);
    const fault = reachFault(form);
    if (fault) throw new InvalidInput([fault]);
    const { channel, reason, productFamily, campaign } = form;
    const source = form.source ?? 'manual';
    const scope = scopeOf(form);
    const until = form.until ? instantOf(form.until) : null;
    // it would be said to stand, and stop nothing
    if (until && until <= this.clock.now()) throw new InvalidInput([{ param: 'until', code: 'block_until_past' }]);
    return this.db.tx(async (tx) => {
      const campaignId = campaign ? (await this.campaigns.byCode(user, campaign, tx)).id : null;
      const reach = { number, channel, scope, productFamily: productFamily || null, campaignId };
      const id = await this.contact.block(tx, { ...reach, reason, source, until, actorId: user.id });
      const detail = {
        phone: maskPhone(number),
        channel,
        scope,
        reason,
        ...(productFamily ? { productFamily } : {}),
        ...(campaign ? { campaign } : {}),
      };
      await this.audit.record(tx, user, { action: 'block.added', object: 'block', id, detail });
      return this.queries.byId(null, id, tx);
    });
  }

  /** @throws DomainError opt_out_stays, not_found */
  async lift(user: CurrentUser, id: string, form: LiftForm): Promise<BlockRow> {
    return this.db.tx(async (tx) => {
      const block = await this.queries.byId(user, id, tx);
      const { number, channel, scope } = block;
      await this.contact.unblock(tx, { ...block, reason: form.reason, actorId: user.id, consentedAnew: form.consentedAnew ?? false });
      const detail = { phone: maskPhone(number), channel, scope, reason: form.reason };
      await this.audit.record(tx, user, { action: 'block.lifted', object: 'block', id, detail });
      return block;
    });
  }
}
