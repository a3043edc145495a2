import { Injectable } from '@nestjs/common';
import type { GatewayAccount, SubmitResult } from '../gateway.types.js';
import { wholeRef } from '../../receipts/parts.policy.js';
import { type ClientEvents, ClientGateway, ClientSurroundings } from '../session/client-gateway.js';
import { SessionInbox } from '../session/session-inbox.commands.js';
import type { ShortMessage } from './pdu.types.js';
import { SmppClient } from './smpp-client.js';
import { heardIn, receiptOf } from './smpp-arrivals.js';
import { isReport } from './receipts.policy.js';
import { smppSettings } from './smpp-settings.policy.js';

/** Of one round of questions: more doubts are asked about in the next. */
const MOST_QUESTIONS = 200;

/** SMPP 3.4: connections of this process, one client an account. */
@Injectable()
export class SmppGateway extends ClientGateway<SmppClient, ShortMessage> {
  readonly kind = 'smpp';

  constructor(
    around: ClientSurroundings,
    private readonly inbox: SessionInbox,
  ) {
    super(around);
  }

  /** The centre is asked by its own ids, and of most doubts it never told us one: those it cannot speak of stay. */
  async lookUp(account: GatewayAccount, ids: readonly string[]): Promise<ReadonlyMap<string, SubmitResult> | undefined> {
    const known = [...(await this.around.parts.gatewayIds(account.code, ids))].slice(0, MOST_QUESTIONS);
    const client = known.length > 0 ? await this.client(account) : undefined;
    if (!client || !(await client.bound(0))) return undefined;
    const told = new Map<string, SubmitResult>(ids.map((id) => [id, { id, outcome: 'unknown' }]));
    for (const [id, gatewayIds] of known) {
      const answers = await Promise.all(gatewayIds.map((gatewayId) => client.query(gatewayId)));
      if (answers.every((answer) => answer !== null)) told.set(id, { id, outcome: 'accepted', ref: wholeRef(id) });
    }
    return told;
  }

  protected open({ settings, window }: GatewayAccount, password: string, events: ClientEvents<ShortMessage>): SmppClient {
    return new SmppClient({ settings: smppSettings(settings), password, window }, events, this.patience);
  }

  protected store({ code, settings }: GatewayAccount, events: readonly ShortMessage[]): Promise<void> {
    const { idFormat } = smppSettings(settings);
    const reports = events.filter(isReport).map((message) => receiptOf(message, idFormat));
    return this.inbox.keep(code, reports, events.filter((message) => !isReport(message)).map(heardIn));
  }
}
