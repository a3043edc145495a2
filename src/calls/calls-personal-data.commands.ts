import { Injectable } from '@nestjs/common';
import { ContactCommands } from '../contact/contact.commands.js';
import { type Erasure, HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import { DomainError } from '../kernel/errors.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { forgetAnswersAbout } from '../platform/http/kept-answers.js';

/** Tasks, calls, promises, orders and dispatches. */
@Injectable()
@HoldsPersonalData()
export class CallsPersonalData implements PersonalDataHolder {
  readonly section = 'calls';

  constructor(private readonly contact: ContactCommands) {}

  async export({ customerId, numbers }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      tasks: await on.rows(sql`
        select t.id, p.name as campaign, t.state, t.close_reason, t.due_on, t.deadline_on, t.callback_at, t.created_at, t.closed_at
        from calls.task t join campaigns.campaign p on p.id = t.campaign_id where t.customer_id = ${customerId} order by t.id`),
      attempts: await on.rows(sql`
        select a.id, a.started_at, a.channel, p.name as campaign, u.name as manager, a.outcome, a.reason, a.talk_seconds, a.topics, a.satisfaction, a.note, a.recording_ref
        from calls.attempt a join campaigns.campaign p on p.id = a.campaign_id join staff.v_user u on u.id = a.manager_id
        where a.customer_id = ${customerId} order by a.id`),
      orders: await on.rows(sql`
        select s.order_no, s.product, s.state, s.identity_check, s.tariff_read, s.start_read, s.contract_read, s.recording_ref, s.confirmation, s.opened_at, s.completed_on,
               (select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'detail', e.detail) order by e.id) from calls.order_event e where e.order_id = s.id) as history
        from calls.sales_order s where s.customer_id = ${customerId} order by s.id`),
      dispatches: await on.rows(sql`
        select d.source, d.dispatch_no, d.biz_type, d.note, d.deadline_on, calls.sheet_row(s.columns, d.cells) as row
        from calls.dispatch d join calls.dispatch_sheet s on s.id = d.sheet_id where d.customer_id = ${customerId} order by d.id`),
      promises: await on.rows(sql`
        select p.kind, p.text, p.due_on, p.state, p.made_at, p.closed_at, p.note, p.done_at, u.name as owner
        from calls.promise p join staff.v_user u on u.id = p.owner_id where p.customer_id = ${customerId} order by p.id`),
      unmatchedRecords: await on.rows(sql`
        select number, started_at, talk_seconds, recording_ref from calls.unmatched_record where number = any(${numbers}::text[]) order by started_at`),
      switchCalls: await on.rows(sql`
        select number, started_at, answered_at, ended_at, talk_seconds, recording_ref from calls.call_leg where number = any(${numbers}::text[]) order by started_at`),
    };
  }

  /** Calls stay as figures: no note, no recording. What is still to be called is called off; an order keeps its number, for the books. */
  async erase(tx: Tx, { customerId, numbers }: Person, { at }: Erasure): Promise<Record<string, number>> {
    await this.refuseWhileCalled(tx, customerId, at);
    const off = await tx.rows<{ touchId: string | null }>(sql`
      with open as (select id, touch_id from calls.task where customer_id = ${customerId} and state in ('open', 'claimed', 'recycled') for update)
      update calls.task t set state = 'cancelled', close_reason = 'erased', callback_at = null, closed_at = ${at}, claimed_by = null, lease_until = null, touch_id = null
      from open o where t.id = o.id returning o.touch_id as "touchId"`);
    await this.contact.release(
      tx,
      off.flatMap(({ touchId }) => touchId ?? []),
    );
    return {
      'platform.idempotency': await forgetAnswersAbout(tx, sql`select a.id::text from calls.attempt a where a.customer_id = ${customerId}`),
      'calls.task': off.length,
      'calls.attempt': await tx.run(sql`
        update calls.attempt set note = null, recording_ref = null where customer_id = ${customerId} and (note is not null or recording_ref is not null)`),
      'calls.correction': await tx.run(sql`
        update calls.correction set why = '' where attempt_id in (select id from calls.attempt where customer_id = ${customerId}) and why <> ''`),
      // the sender knows its row by the number of the dispatch, and gets no more of it back
      'calls.dispatch': await tx.run(sql`
        update calls.dispatch set note = null, cells = array(select case when c.cell = dispatch_no then c.cell else '' end from unnest(cells) with ordinality c(cell, place) order by place)
        where customer_id = ${customerId}`),
      // with its events
      'calls.call_leg': await tx.run(sql`delete from calls.call_leg where number = any(${numbers}::text[])`),
      'calls.sales_order': await tx.run(sql`
        update calls.sales_order set close_reason = null, recording_ref = null
        where customer_id = ${customerId} and (close_reason is not null or recording_ref is not null)`),
      'calls.order_event': await tx.run(sql`
        update calls.order_event set detail = detail - 'text' - 'reason' - 'recordingRef'
        where order_id in (select id from calls.sales_order where customer_id = ${customerId}) and detail ?| array['text', 'reason', 'recordingRef']`),
      // who is forgotten waits for nothing: what is open goes with all it went on from, what has ended stays as a figure
      'calls.promise':
        (await tx.run(sql`
          with recursive chain as (
            select id, previous_id from calls.promise where customer_id = ${customerId} and state = 'open'
            union all select p.id, p.previous_id from calls.promise p join chain c on c.previous_id = p.id)
          delete from calls.promise where id in (select id from chain)`)) +
        (await tx.run(sql`update calls.promise set text = '', note = null where customer_id = ${customerId} and (text <> '' or note is not null)`)),
      'calls.unmatched_record': await tx.run(sql`delete from calls.unmatched_record where number = any(${numbers}::text[])`),
    };
  }

  /** @throws DomainError erasure_busy (409) while somebody has the customer on the line */
  private async refuseWhileCalled(tx: Tx, customerId: string, at: Date): Promise<void> {
    const held = await tx.maybe(sql`select 1 from calls.task where customer_id = ${customerId} and state = 'claimed' and lease_until > ${at}`);
    if (held) throw new DomainError('erasure_busy', { status: 409 });
  }
}
