import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { readForm } from '../../platform/http/forms.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { CtiEvents } from './cti-events.commands.js';
import { CtiKeys } from './cti-keys.commands.js';
import { SwitchEventForm } from './cti.forms.js';
import { simulateCall } from './cti.jobs.js';
import type { Dialler, DialRequest } from './dialler.types.js';
import { planCall } from './simulated-call.policy.js';
import { signatureOf } from './signature.js';

const KEY_NAME = 'simulator';

/** A telephone system that is none: it tells of its calls as a real one does, signed, through the same door. */
@Injectable()
export class SimulatorDialler implements Dialler {
  readonly code = 'simulator';

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly keys: CtiKeys,
    private readonly events: CtiEvents,
    private readonly outbox: Outbox,
  ) {}

  async dial({ id, number }: DialRequest): Promise<void> {
    await this.keys.ensure(KEY_NAME);
    const now = this.clock.now().getTime();
    await this.db.tx(async (tx) => {
      for (const [step, { after }] of planCall(number).entries())
        await this.outbox.add(tx, simulateCall, { dialId: id, step }, { runAt: new Date(now + after * 1000) });
    });
  }

  /** Tells one event of a call. A call whose customer is gone says nothing more. */
  async speak(dialId: string, step: number): Promise<void> {
    const call = await this.db.maybe<{ number: string; agentNo: string | null; at: Date }>(sql`
      select l.number, u.agent_no as "agentNo", d.at
      from calls.dial d join calls.task t on t.id = d.task_id join customers.v_line l on l.id = t.line_id join staff.v_user u on u.id = d.manager_id
      where d.id = ${dialId}`);
    const event = call && planCall(call.number)[step];
    if (!event) return;
    const at = new Date(call.at.getTime() + event.after * 1000).toISOString();
    const told = {
      id: `${dialId}:${step}`,
      call: dialId,
      type: event.type,
      at,
      number: call.number,
      agentNo: call.agentNo ?? undefined,
      cause: event.cause,
    };
    await this.send(JSON.stringify(told));
  }

  private async send(body: string): Promise<void> {
    const { code, secret } = await this.keys.ensure(KEY_NAME);
    const timestamp = String(Math.floor(this.clock.now().getTime() / 1000));
    const signed = { key: code, timestamp, signature: signatureOf(secret, timestamp, body), body: Buffer.from(body) };
    const orgUnitId = await this.events.admit(signed);
    await this.events.take(orgUnitId, await readForm(SwitchEventForm, JSON.parse(body)));
  }
}
