import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Gateway, type GatewayAccount, type OutgoingMessage, type SubmitResult } from './gateway.types.js';
import { SimulatorSpeaks } from '../messaging.jobs.js';
import { type PlannedFate, planFate, type SimulatorSettings, simulatorSettings } from './simulator.policy.js';

interface Taken extends OutgoingMessage {
  fate: PlannedFate;
}

/**
 * A pretended network with a memory of its own: what it takes over is written at once, on its own connection, whatever becomes of the
 * sender. It can therefore say after a crash what came, and count whether anything came twice.
 */
@Injectable()
export class SimulatorGateway extends Gateway {
  readonly kind = 'simulator';

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {
    super();
  }

  async submit(account: GatewayAccount, batch: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    const settings = simulatorSettings(account.settings);
    const drawn = batch.map((message): Taken => ({ ...message, fate: planFate(settings, message) }));
    const taken = drawn.filter(({ fate }) => fate.lost !== 'before' && fate.fate !== 'rejected');
    const refs = await this.takeOver(account.code, taken, settings);
    return drawn.map(({ id, fate }): SubmitResult => {
      if (fate.lost) return { id, outcome: 'unknown' };
      const ref = refs.get(id);
      return ref === undefined ? { id, outcome: 'rejected', code: fate.networkCode ?? '' } : { id, outcome: 'accepted', ref };
    });
  }

  async lookUp(account: GatewayAccount, ids: readonly string[]): Promise<ReadonlyMap<string, SubmitResult>> {
    const rows = await this.database.rows<{ id: string; ref: string }>(sql`
      select message_id as id, min(id)::text as ref from messaging.simulator_inbox
      where gateway_code = ${account.code} and message_id = any(${ids}::uuid[]) group by message_id`);
    return new Map(rows.map(({ id, ref }) => [id, { id, outcome: 'accepted', ref }]));
  }

  private async takeOver(gateway: string, taken: readonly Taken[], settings: SimulatorSettings): Promise<Map<string, string>> {
    if (taken.length === 0) return new Map();
    const now = this.clock.now();
    const rows = taken.map(({ id, number, body, parts, fate }) => ({
      id,
      number,
      body,
      parts,
      fate: fate.fate,
      code: fate.networkCode,
      at: fate.fate === 'silent' ? null : new Date(now.getTime() + fate.latencyMs),
      reply: fate.reply,
    }));
    return this.database.tx(async (tx) => {
      const refs = await tx.rows<{ id: string; ref: string }>(sql`
        insert into messaging.simulator_inbox (gateway_code, message_id, number, body, parts, accepted_at, fate, network_code, receipt_at, reply)
        select ${gateway}, id, number, body, parts, ${now}, fate, code, at, reply
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as r(id uuid, number text, body text, parts smallint, fate text, code text, at timestamptz, reply text)
        returning message_id as id, id::text as ref`);
      await this.outbox.add(tx, SimulatorSpeaks, { gateway }, { runAt: new Date(now.getTime() + settings.latencyMs[1]) });
      return new Map(refs.map(({ id, ref }) => [id, ref]));
    });
  }
}
