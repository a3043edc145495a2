import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { GatewayAccount } from '../gateway.types.js';
import { type ClientEvents, ClientGateway, ClientSurroundings } from '../session/client-gateway.js';
import { SessionInbox } from '../session/session-inbox.commands.js';
import type { Deliver } from './packet.types.js';
import { SmgpClient } from './smgp-client.js';
import { heardIn, receiptOf } from './smgp-arrivals.js';
import { smgpSettings } from './smgp-settings.policy.js';

/** SMGP 3.0, the protocol of China Telecom's own gateways. */
@Injectable()
export class SmgpGateway extends ClientGateway<SmgpClient, Deliver> {
  readonly kind = 'smgp';

  constructor(
    around: ClientSurroundings,
    private readonly inbox: SessionInbox,
    private readonly clock: Clock,
  ) {
    super(around);
  }

  /** The protocol asks for counts of a day only: a receipt or a person settles a doubt. */
  lookUp(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  protected open({ settings, window }: GatewayAccount, secret: string, events: ClientEvents<Deliver>): SmgpClient {
    return new SmgpClient({ settings: smgpSettings(settings), secret, window }, events, { now: () => this.clock.now(), patience: this.patience });
  }

  protected store({ code }: GatewayAccount, events: readonly Deliver[]): Promise<void> {
    const now = this.clock.now();
    const reports = events.filter(({ isReport }) => isReport).map((message) => receiptOf(message, now));
    const answers = events.filter(({ isReport }) => !isReport).map((message) => heardIn(message, now));
    return this.inbox.keep(code, reports, answers);
  }
}
