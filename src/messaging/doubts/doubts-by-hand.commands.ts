import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { MarksCommands } from '../sending/marks.commands.js';
import { lockMessages } from '../sending/message-locks.js';
import { SendBatch } from '../messaging.jobs.js';
import { ReceiptsCommands } from '../receipts/receipts.commands.js';
import type { SettleDoubtsForm } from './doubts-by-hand.forms.js';
import { DoubtsByHandQueries, RIPE_MINUTES } from './doubts-by-hand.queries.js';

/** The last resort for what no receipt and no gateway settles: a person who has looked it up in the gateway's own records (R1). */
@Injectable()
export class DoubtsByHand {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly blasts: BlastsQueries,
    private readonly queries: DoubtsByHandQueries,
    private readonly marks: MarksCommands,
    private readonly receipts: ReceiptsCommands,
    private readonly audit: Audit,
  ) {}

  /**
   * `taken`: they wait for their receipts like any other. `never_came`: their touches are given back and they are planned anew, through the gate again;
   * in a cancelled blast they stay without a message.
   * @returns how many; those that a receipt settled meanwhile are not among them
   * @throws DomainError not_found · doubts_none (409) while nobody at that gateway has been in doubt for {@link RIPE_MINUTES} minutes
   */
  async settle(user: CurrentUser, code: string, { gateway, found, reason }: SettleDoubtsForm): Promise<number> {
    await this.blasts.byCode(user, code);
    // what has been answered is in no doubt
    await this.receipts.apply({ gathering: false });
    return this.database.tx(async (tx) => {
      await lockMessages(tx); // first, as everywhere: then the blast
      const blast = await this.blasts.lock(tx, user, code);
      const ids = await this.queries.ripeIds(tx, blast.id, gateway);
      const settled = found === 'taken' ? await this.marks.cameAfterAll(tx, ids) : await this.marks.neverCame(tx, ids);
      if (settled === 0) throw new DomainError('doubts_none', { status: 409, params: { gateway, minutes: RIPE_MINUTES } });
      await this.audit.record(tx, user, {
        action: 'blast.doubts-settled',
        object: 'blast',
        id: code,
        detail: { gateway, found, reason, people: settled },
      });
      if (found === 'never_came') await this.outbox.addUnlessWaiting(tx, SendBatch, { blastId: blast.id });
      return settled;
    });
  }
}
