import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { LastLook } from '../../contact/contact.types.js';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { SendMessage, type WaitingMessage } from '../messaging.jobs.js';
import { FilingsQueries } from '../registry/filings.queries.js';
import { MarksCommands } from '../sending/marks.commands.js';

/** How long a single message may wait for its hand-over. */
const PATIENCE_MS = 3_600_000;
/** What no gateway took is offered again so soon. */
const AGAIN_MS = 1000;
/** And so soon while no gateway may take it: all are switched off, or it is filed for none that is on. */
const OFF_AGAIN_MS = 60_000;

/** Single messages that no gateway has taken yet. */
@Injectable()
export class WaitingMessages {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gate: ContactQueries,
    private readonly marks: MarksCommands,
    private readonly filings: FilingsQueries,
    private readonly outbox: Outbox,
  ) {}

  /** Its moment is over (R9): the gate's yes was for then, not for the night (GOV-4, R16). */
  isLate(purpose: LastLook['purpose'], createdAt: Date): boolean {
    const now = this.clock.now();
    return now.getTime() - createdAt.getTime() > PATIENCE_MS || !this.gate.windowState(now, 'sms', purpose).open;
  }

  giveUp(messageId: string): Promise<void> {
    return this.database.tx((tx) => this.marks.withdraw(tx, [messageId], { state: 'expired', reason: 'expired' }));
  }

  /** Another way for which its text is filed (R43), or the same one a little later, as long as its moment lasts. */
  async tryAgain(message: WaitingMessage): Promise<void> {
    const { messageId, filed } = message;
    const now = this.clock.now();
    await this.database.tx(async (tx) => {
      const next = filed && (await this.filings.wayOut(tx, filed));
      await tx.run(sql`
        update messaging.message set submitted_at = null, gateway_code = coalesce(${next?.code ?? null}, gateway_code) where id = ${messageId} and state = 'queued'`);
      const soonest = now.getTime() + (next ? AGAIN_MS : OFF_AGAIN_MS);
      await this.outbox.add(tx, SendMessage, message, { runAt: new Date(Math.max(soonest, next?.downUntil?.getTime() ?? 0)) });
    });
  }
}
