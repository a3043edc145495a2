import { Gateway, type GatewayAccount } from '../gateway.types.js';

/** A protocol that keeps connections open. Processes that send keep one to each account in use, for what comes back as well. */
export abstract class StandingGateway extends Gateway {
  /** Connects to what is in use, leaves what is not. */
  abstract keep(accounts: readonly GatewayAccount[]): Promise<void>;
  /** Says goodbye everywhere; nothing is opened any more. */
  abstract close(): Promise<void>;
}
