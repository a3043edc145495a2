import { Injectable } from '@nestjs/common';
import { maskPhone } from '../../kernel/phone.js';
import { Database } from '../../platform/database/database.js';
import { Audit } from '../../staff/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type BlockRow, BlocksQueries } from './blocks.queries.js';
import { ContactCommands } from '../contact.commands.js';
import type { BlockForm, LiftForm } from './blocks.forms.js';
import { instantOf, requireNumber } from '../number.policy.js';

/** What people do with the do-not-contact list, each with its line in the audit log. */
@Injectable()
export class BlocksCommands {
  constructor(
    private readonly db: Database,
    private readonly contact: ContactCommands,
    private readonly queries: BlocksQueries,
    private readonly audit: Audit,
  ) {}

  /** A number may be blocked before it is known. */
  async add(user: CurrentUser, form: BlockForm): Promise<BlockRow> {
    const number = requireNumber(form.phone);
    const { channel, reason, scope = 'all', source = 'manual' } = form;
    return this.db.tx(async (tx) => {
      const until = form.until ? instantOf(form.until) : null;
      const id = await this.contact.block(tx, { number, channel, scope, reason, source, until, actorId: user.id });
      await this.audit.record(tx, user, { action: 'block.added', object: 'block', id, detail: { phone: maskPhone(number), channel, scope, reason } });
      return this.queries.byId(null, id, tx);
    });
  }

  /** @throws DomainError opt_out_stays, not_found */
  async lift(user: CurrentUser, id: string, form: LiftForm): Promise<BlockRow> {
    return this.db.tx(async (tx) => {
      const block = await this.queries.byId(user, id, tx);
      const { number, channel, scope } = block;
      await this.contact.unblock(tx, { number, channel, scope, reason: form.reason, actorId: user.id, consentedAnew: form.consentedAnew ?? false });
      const detail = { phone: maskPhone(number), channel, scope, reason: form.reason };
      await this.audit.record(tx, user, { action: 'block.lifted', object: 'block', id, detail });
      return block;
    });
  }
}
