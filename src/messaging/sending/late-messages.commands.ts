import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { LastLook } from '../../contact/contact.types.js';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { MarksCommands } from './marks.commands.js';

/** How long a single message may wait for its hand-over. */
const PATIENCE_MS = 3_600_000;

/** Single messages whose moment is over (R9): the gate's yes was for then, not for the night (GOV-4, R16). */
@Injectable()
export class LateMessages {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gate: ContactQueries,
    private readonly marks: MarksCommands,
  ) {}

  isLate(purpose: LastLook['purpose'], createdAt: Date): boolean {
    const now = this.clock.now();
    return now.getTime() - createdAt.getTime() > PATIENCE_MS || !this.gate.windowState(now, 'sms', purpose).open;
  }

  giveUp(messageId: string): Promise<void> {
    return this.database.tx((tx) => this.marks.withdraw(tx, [messageId], { state: 'expired', reason: 'expired' }));
  }
}
