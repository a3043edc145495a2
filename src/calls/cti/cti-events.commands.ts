import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { parsePhone } from '../../kernel/phone.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { CtiKeys } from './cti-keys.commands.js';
import type { SwitchEventForm } from './cti.forms.js';
import { settleLegs } from './cti.jobs.js';
import { type EventType, foldLeg, type Leg, type SwitchEvent } from './leg.policy.js';
import { isFresh, isSignedBy } from './signature.js';

/** An end whose begin was not told waits so long for it. */
const PATIENCE_MS = 2 * 60_000;
/** Events may tell of so much of the past, and, as clocks differ, of the future. */
const OLDEST_MS = 7 * 86_400_000;
const AHEAD_MS = 5 * 60_000;

/** A request as it came in. */
export interface Signed {
  key: string | undefined;
  timestamp: string | undefined;
  signature: string | undefined;
  body: Buffer | undefined;
}

export interface Taken {
  id: string;
  call: string;
  /** The call as it is known now. */
  state: EventType;
  /** The event was known before: nothing changed. */
  duplicate: boolean;
}

/** Takes in what switches tell of calls (SYS-3). */
@Injectable()
export class CtiEvents {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly keys: CtiKeys,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Whether the request is from the holder of a key, and from now.
   * @returns the unit the switch tells for
   * @throws DomainError `cti_signature_missing`, `cti_signature_wrong`, `cti_timestamp_stale` (401)
   */
  async admit({ key, timestamp, signature, body }: Signed): Promise<string> {
    if (!key || !timestamp || !signature || !body) throw new DomainError('cti_signature_missing', { status: 401 });
    const known = await this.keys.open(key);
    if (!known || !isSignedBy(known.secret, { timestamp, signature, body })) throw new DomainError('cti_signature_wrong', { status: 401 });
    if (!isFresh(timestamp, this.clock.now())) throw new DomainError('cti_timestamp_stale', { status: 401 });
    await this.keys.used(key);
    return known.orgUnitId;
  }

  /**
   * One event of a call. In whatever order events come, and however often, the call ends up the same.
   * @throws DomainError `number_malformed`, `cti_event_time` (422) · `cti_event_taken` (409): another event had that id
   */
  async take(orgUnitId: string, form: SwitchEventForm): Promise<Taken> {
    const event = this.read(form);
    return this.db.tx(async (tx) => {
      const legId = await this.leg(tx, orgUnitId, form.call, event);
      const added = await this.add(tx, { orgUnitId, legId, event });
      if (!added) await this.refuseOther(tx, { orgUnitId, legId, event });
      const leg = foldLeg(await this.events(tx, legId));
      if (added) await this.save(tx, legId, leg);
      return { id: event.id, call: form.call, state: leg.state, duplicate: !added };
    });
  }

  private read(form: SwitchEventForm): SwitchEvent {
    const phone = parsePhone(form.number);
    if ('fault' in phone) throw new DomainError('cti_number_malformed', { param: 'number' });
    const now = this.clock.now().getTime();
    const at = form.at.getTime();
    if (at < now - OLDEST_MS || at > now + AHEAD_MS) throw new DomainError('cti_event_time', { param: 'at' });
    const { id, type, agentNo, callerNumber, cause, recordingRef } = form;
    return {
      id,
      type,
      at: form.at,
      number: phone.number,
      agentNo: agentNo || null,
      callerNumber: callerNumber || null,
      cause: cause || null,
      recordingRef: recordingRef || null,
    };
  }

  /** The call, locked, made by whichever of its events comes first. */
  private async leg(tx: Tx, orgUnitId: string, ref: string, { number, type, at }: SwitchEvent): Promise<string> {
    const { id } = await tx.one<{ id: string }>(sql`
      insert into calls.call_leg as l (org_unit_id, ref, number, state, started_at, updated_at)
      values (${orgUnitId}, ${ref}, ${number}, ${type}, ${at}, ${this.clock.now()})
      on conflict (org_unit_id, ref) do update set updated_at = l.updated_at returning id`);
    return id;
  }

  private async add(tx: Tx, { orgUnitId, legId, event }: { orgUnitId: string; legId: string; event: SwitchEvent }): Promise<boolean> {
    const added = await tx.run(sql`
      insert into calls.cti_event (org_unit_id, event_id, leg_id, type, at, number, agent_no, caller_number, cause, recording_ref, received_at)
      values (${orgUnitId}, ${event.id}, ${legId}, ${event.type}, ${event.at}, ${event.number}, ${event.agentNo}, ${event.callerNumber},
              ${event.cause}, ${event.recordingRef}, ${this.clock.now()})
      on conflict do nothing`);
    return added > 0;
  }

  private async refuseOther(tx: Tx, { orgUnitId, legId, event }: { orgUnitId: string; legId: string; event: SwitchEvent }): Promise<void> {
    const same = await tx.maybe(sql`
      select 1 from calls.cti_event
      where org_unit_id = ${orgUnitId} and event_id = ${event.id} and leg_id = ${legId} and type = ${event.type} and at = ${event.at} and number = ${event.number}`);
    if (!same) throw new DomainError('cti_event_taken', { status: 409, param: 'id', params: { id: event.id } });
  }

  private events(tx: Tx, legId: string): Promise<SwitchEvent[]> {
    return tx.rows<SwitchEvent>(sql`
      select event_id as id, type, at, number, agent_no as "agentNo", caller_number as "callerNumber", cause, recording_ref as "recordingRef"
      from calls.cti_event where leg_id = ${legId}`);
  }

  /** A call that is over is brought to its attempt at once, or, while only its end is known, after a while. */
  private async save(tx: Tx, legId: string, leg: Leg): Promise<void> {
    const now = this.clock.now();
    const settleAt = leg.endedAt === null ? null : leg.begun ? now : new Date(now.getTime() + PATIENCE_MS);
    await tx.run(sql`
      update calls.call_leg
      set number = ${leg.number}, agent_no = ${leg.agentNo}, caller_number = ${leg.callerNumber}, state = ${leg.state}, started_at = ${leg.startedAt},
          answered_at = ${leg.answeredAt}, ended_at = ${leg.endedAt}, talk_seconds = ${leg.talkSeconds}, cause = ${leg.cause},
          recording_ref = ${leg.recordingRef}, settle_at = ${settleAt}, updated_at = ${now}
      where id = ${legId}`);
    if (settleAt) await this.outbox.add(tx, settleLegs, {}, { runAt: settleAt });
  }
}
