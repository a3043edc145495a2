import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { type Answer, Outgoing } from '../platform/outgoing/outgoing.js';
import { SealError } from '../platform/sealing/sealer.js';
import { Audit } from '../staff/audit/audit.commands.js';
import { isGivenUp, MOST_TRIES, type Outcome, outcomeOf } from './answer.policy.js';
import { EndpointTargets } from './endpoint-targets.js';
import { signedHeaders } from './signature.js';
import { TEST_EVENT } from './webhooks.types.js';

interface Waiting {
  id: string;
  endpointId: string;
  host: string;
  event: string;
  body: string;
  tries: number;
  active: boolean;
  keyId: string | null;
  data: Buffer | null;
  failingSince: Date | null;
}

/** So much of an answer is kept. */
const ANSWER_LENGTH = 500;

/** One try of one delivery. */
@Injectable()
export class WebhookSending {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly targets: EndpointTargets,
    private readonly outgoing: Outgoing,
    private readonly audit: Audit,
  ) {}

  /** A failure is thrown: the job tries again with its back-off. After the last one the delivery is dead and the job is done. */
  async send(delivery: string): Promise<void> {
    const found = await this.waiting(delivery);
    if (!found) return;
    const answer = await this.answerTo(found);
    const judged = 'reason' in answer ? { end: 'dead' as const, status: null, reason: answer.reason } : outcomeOf(answer);
    const outcome: Outcome = judged.end === 'again' && found.tries + 1 >= MOST_TRIES ? { ...judged, end: 'dead' } : judged;
    await this.keep(found, outcome, 'text' in answer ? answer.text : null);
    if (outcome.end === 'again') throw new Error(`a webhook was not taken: ${outcome.reason ?? ''} ${outcome.status ?? ''}`);
  }

  private waiting(delivery: string): Promise<Waiting | undefined> {
    return this.db.maybe<Waiting>(sql`
      select d.id, d.endpoint_id as "endpointId", e.host, d.event, d.body, d.tries, e.active, e.seal_key_id as "keyId", e.sealed as data, e.failing_since as "failingSince"
      from webhooks.delivery d join webhooks.endpoint e on e.id = d.endpoint_id where d.id = ${delivery} and d.state = 'waiting'`);
  }

  private async answerTo({ id, endpointId, event, body, active, keyId, data }: Waiting): Promise<Answer | { reason: string }> {
    if (keyId === null || data === null) return { reason: 'removed' };
    if (!active && event !== TEST_EVENT) return { reason: 'switched_off' };
    try {
      const { url, secret } = this.targets.open(endpointId, { keyId, data });
      const signed = signedHeaders(secret, { id, at: this.clock.now(), body });
      return await this.outgoing.post({
        url,
        body,
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'StarCare', ...signed },
      });
    } catch (error) {
      if (error instanceof SealError) return { reason: 'seal_key_missing' };
      throw error;
    }
  }

  private async keep(found: Waiting, { end, status, reason }: Outcome, text: string | null): Promise<void> {
    const now = this.clock.now();
    const state = end === 'again' ? 'waiting' : end === 'delivered' ? 'delivered' : 'dead';
    const answer = text === null ? null : text.replaceAll('\0', '').slice(0, ANSWER_LENGTH);
    await this.db.run(sql`
      update webhooks.delivery set state = ${state}, tries = tries + 1, status = ${status}, answer = ${answer}, reason = ${reason}, tried_at = ${now},
        ended_at = ${end === 'again' ? null : now} where id = ${found.id} and state = 'waiting'`);
    if (end === 'delivered')
      await this.db.run(sql`update webhooks.endpoint set failing_since = null where id = ${found.endpointId} and failing_since is not null`);
    else await this.noteFailure(found, end, now);
  }

  private async noteFailure({ endpointId, host, active, failingSince }: Waiting, end: Outcome['end'], now: Date): Promise<void> {
    if (!active) return;
    await this.db.run(sql`update webhooks.endpoint set failing_since = ${now} where id = ${endpointId} and failing_since is null`);
    if (end === 'gone' || (failingSince !== null && isGivenUp(failingSince, now)))
      await this.switchOff(endpointId, host, end === 'gone' ? 'gone' : 'failing');
  }

  /** What still waits for it is dead: it would only fill the log. */
  private async switchOff(endpointId: string, host: string, why: 'gone' | 'failing'): Promise<void> {
    const now = this.clock.now();
    await this.db.tx(async (tx) => {
      const off = await tx.run(sql`update webhooks.endpoint set active = false, disabled_at = ${now} where id = ${endpointId} and active`);
      if (off === 0) return;
      await tx.run(sql`
        update webhooks.delivery set state = 'dead', reason = 'switched_off', ended_at = ${now} where endpoint_id = ${endpointId} and state = 'waiting'`);
      await this.audit.record(tx, 'system', { action: 'webhook.disabled', object: 'webhook', id: endpointId, detail: { host, why } });
    });
  }
}
