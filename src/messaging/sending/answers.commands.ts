import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { DoubtsCommands } from '../doubts/doubts.commands.js';
import type { GatewayAccount, SubmitResult } from '../gateways/gateway.types.js';
import { MarksCommands } from './marks.commands.js';
import { OutagesCommands } from './outages.commands.js';
import { SubmissionFigures } from './submission-figures.js';

/** What a gateway answered to one hand-over, written down in one transaction: of the messages, of what is in doubt, of the gateway itself. */
@Injectable()
export class AnswersCommands {
  constructor(
    private readonly database: Database,
    private readonly marks: MarksCommands,
    private readonly doubts: DoubtsCommands,
    private readonly outages: OutagesCommands,
    private readonly figures: SubmissionFigures,
  ) {}

  async take(account: GatewayAccount, results: readonly SubmitResult[]): Promise<void> {
    await this.database.tx(async (tx) => {
      await this.marks.answers(tx, account.code, results);
      if (results.some(({ outcome }) => outcome === 'unknown')) await this.doubts.askLater(tx, account.code);
      await this.outages.note(tx, account, results);
    });
    this.figures.count(account.code, results);
  }
}
