import { Gateway, type GatewayAccount, type OutgoingMessage, type SubmitResult } from '../../../src/messaging/gateways/gateway.types.js';
import { GATEWAYS } from '../../../src/messaging/gateways/gateways.queries.js';
import { sql } from '../../../src/platform/database/sql.js';
import type { PostOffice } from './post-office.js';

type Answer = (message: OutgoingMessage, account: GatewayAccount) => SubmitResult;

export const taken: Answer = ({ id }) => ({ id, outcome: 'accepted', ref: id });

/** A protocol that says what a test tells it to, and remembers by account what it was handed. It cannot be asked afterwards. */
export class FakeGateway extends Gateway {
  readonly kind = 'smpp';
  answer: Answer = taken;
  /** While a batch is under way. */
  meanwhile: () => Promise<unknown> = () => Promise.resolve();
  readonly heard = new Map<string, string[]>();

  async submit(account: GatewayAccount, batch: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    await this.meanwhile();
    const numbers = this.heard.get(account.code) ?? [];
    this.heard.set(account.code, numbers);
    return batch.map((message) => {
      const result = this.answer(message, account);
      if (result.outcome !== 'not_sent' && result.outcome !== 'throttled') numbers.push(message.number);
      return result;
    });
  }

  lookUp(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/** In the place of the built-in protocol of its kind, with accounts of these codes. */
export async function installFake(office: PostOffice, codes: readonly string[]): Promise<FakeGateway> {
  const fake = new FakeGateway();
  office.test.app.get<Gateway[]>(GATEWAYS, { strict: false }).unshift(fake);
  await office.test.db.run(sql`
    insert into messaging.gateway (code, kind, rate_per_second, created_at)
    select code, 'smpp', 100000, ${office.test.clock.now()} from unnest(${codes}::text[]) code`);
  return fake;
}
