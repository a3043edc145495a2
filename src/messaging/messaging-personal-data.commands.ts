import { Injectable } from '@nestjs/common';
import { type Erasure, HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import { DomainError } from '../kernel/errors.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { forgetAnswersAbout } from '../platform/http/kept-answers.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { MonthsQueries } from '../platform/months/months.queries.js';
import { MESSAGES } from './archive/archived-blasts.queries.js';
import { ForgetArchived } from './messaging.jobs.js';

/** Messages and what was written back. */
@Injectable()
@HoldsPersonalData()
export class MessagingPersonalData implements PersonalDataHolder {
  readonly section = 'messages';

  constructor(
    private readonly months: MonthsQueries,
    private readonly outbox: Outbox,
  ) {}

  async export({ customerId, numbers }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      messages: await on.rows(sql`
        select m.id, m.number, m.purpose, m.body, m.parts, m.state, m.network_code, t.name as template, m.created_at, m.finished_at
        from messaging.message m left join messaging.template t on t.id = m.template_id where m.customer_id = ${customerId} order by m.id`),
      // months whose messages are in files of DATA_DIR/archive; docs/operations.md says how one person's are found there
      archivedMonths: await this.months.files(MESSAGES),
      replies: await on.rows(sql`select number, body, meaning, received_at from messaging.reply where customer_id = ${customerId} order by id`),
      blasts: await on.rows(sql`
        select b.code, b.name, r.number, r.state, r.reason from messaging.recipient r join messaging.blast b on b.id = r.blast_id
        where r.customer_id = ${customerId} order by b.id`),
      replyParts: await on.rows(sql`
        select i.number, i.body, i.part, i.parts, i.received_at from messaging.inbound_part i
        join customers.v_line l on l.number = i.number where l.customer_id = ${customerId} order by i.id`),
      // made with their values, or sent to a number of theirs that the house uses for tests
      tests: await on.rows(sql`
        select b.code as blast, s.number, s.body, s.state, s.sent_at from messaging.test_send s join messaging.blast b on b.id = s.blast_id
        where s.customer_id = ${customerId} or s.number = any(${numbers}::text[]) order by s.id`),
      testNumbers: await on.rows(sql`
        select number, label, added_at, removed_at from messaging.test_number where number = any(${numbers}::text[]) order by id`),
      dueAfterCalls: await on.rows(sql`
        select c.code as campaign, d.due_at, d.taken_at from messaging.step_due d join campaigns.v_campaign c on c.id = d.campaign_id
        where d.customer_id = ${customerId} order by d.due_at, c.code`),
    };
  }

  /** Messages stay as figures: state, parts, time. Who was still to be written to is refused, so that the sum of a blast stays its audience. */
  async erase(tx: Tx, { customerId, numbers }: Person, { at }: Erasure): Promise<Record<string, number>> {
    await this.refuseWhileSent(tx, customerId);
    const rows = await this.eraseRows(tx, { customerId, numbers }, at);
    // asked last: the change of the messages has kept their months from leaving meanwhile
    if ((await this.months.files(MESSAGES)).length > 0) await this.outbox.add(tx, ForgetArchived, { customerId });
    return rows;
  }

  private async eraseRows(tx: Tx, { customerId, numbers }: Pick<Person, 'customerId' | 'numbers'>, at: Date): Promise<Record<string, number>> {
    return {
      'platform.idempotency': await forgetAnswersAbout(tx, sql`select m.id::text from messaging.message m where m.customer_id = ${customerId}`),
      'messaging.recipient': await tx.run(sql`
        update messaging.recipient set number = null, updated_at = ${at}, state = case when state = 'planned' then 'refused' else state end,
          reason = case when state = 'planned' then 'inactive' else reason end
        where customer_id = ${customerId}`),
      // a text that was to follow a call
      'messaging.step_due': await tx.run(sql`delete from messaging.step_due where customer_id = ${customerId} and taken_at is null`),
      'messaging.message': await tx.run(sql`update messaging.message set number = null, body = '' where customer_id = ${customerId}`),
      'messaging.reply': await tx.run(sql`
        update messaging.reply set number = null, body = '' where customer_id = ${customerId} or number = any(${numbers}::text[])`),
      // parts of an answer whose rest has not come
      'messaging.inbound_part': await tx.run(sql`delete from messaging.inbound_part where number = any(${numbers}::text[])`),
      'messaging.test_send': await tx.run(sql`
        update messaging.test_send set body = '', number = case when number = any(${numbers}::text[]) then null else number end
        where customer_id = ${customerId} or number = any(${numbers}::text[])`),
      'messaging.test_number': await tx.run(sql`
        update messaging.test_number set number = null, label = '', removed_at = coalesce(removed_at, ${at}) where number = any(${numbers}::text[])`),
      // the other side of the simulator is ours too
      'messaging.simulator_inbox': await tx.run(sql`
        update messaging.simulator_inbox set number = '', body = '', reply = null where number = any(${numbers}::text[])`),
    };
  }

  /** @throws DomainError erasure_busy (409) while a message is being handed to a gateway: its number is needed until then */
  private async refuseWhileSent(tx: Tx, customerId: string): Promise<void> {
    const waiting = await tx.maybe(sql`
      select 1 from messaging.message where customer_id = ${customerId} and state = 'queued'
      union all select 1 from messaging.recipient where customer_id = ${customerId} and state = 'queued' limit 1`);
    if (waiting) throw new DomainError('erasure_busy', { status: 409 });
  }
}
