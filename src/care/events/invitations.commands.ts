import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { DomainError, InvalidInput, orUndefined } from '../../kernel/errors.js';
import { parsePhone } from '../../kernel/phone.js';
import { BlastsCommands } from '../../messaging/blasts/blasts.commands.js';
import { CARE_HOURS } from '../../messaging/messaging.types.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { callBy, messageDay } from './calling.policy.js';
import { lockEvent, type LockedEvent } from './events.commands.js';
import type { InviteesForm, SendInvitationsForm } from './events.forms.js';
import { INVITATIONS, isVisit } from './events.types.js';

export interface Invited {
  matched: number;
  listed: number;
  excluded: number;
}

/** Whom an event asks, and how: by a task on a manager's list, or by a message (CAR-10). Both pass the gate when they are made, as all contacts do. */
@Injectable()
export class InvitationsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly segments: SegmentsQueries,
    private readonly contact: ContactQueries,
    private readonly tasks: TasksCommands,
    private readonly blasts: BlastsCommands,
  ) {}

  /**
   * Puts customers on the list; whom the gate would not let one contact today is kept beside it with the reason, and judged anew when added again.
   * @throws DomainError event_over, event_cancelled (409), not_found · InvalidInput event_nobody, segment_unknown at `segment`, sms_phone_invalid at `phones`
   */
  addPeople(user: CurrentUser, id: string, form: InviteesForm): Promise<Invited> {
    return this.db.tx(async (tx) => {
      const event = await this.open(tx, user, id);
      if (isVisit(event.kind)) throw new DomainError('event_visit_of_one', { status: 409 });
      const now = this.clock.now();
      const judged = this.contact.plannable(await this.matched(tx, user, form), { channel: event.inviteBy, purpose: 'care', day: dayOf(now) });
      const rows = await tx.rows<{ excluded: string | null }>(sql`
        insert into care.invitation as i (event_id, customer_id, line_id, excluded, added_by, added_at)
        select ${id}, g.customer_id, g.line_id, g.reason, ${user.id}, ${now} from (${judged}) g
        on conflict (event_id, customer_id) do update set excluded = excluded.excluded, line_id = excluded.line_id
          where i.excluded is not null
        returning i.excluded`);
      const excluded = rows.filter((row) => row.excluded !== null).length;
      await this.audit.record(tx, user, {
        action: 'care.event_people_added',
        object: 'event',
        id,
        detail: { segment: form.segment ?? null, added: rows.length, excluded },
      });
      return { matched: rows.length, listed: rows.length - excluded, excluded };
    });
  }

  /**
   * Asks whoever is on the list and was not asked yet. A second time asks nobody twice.
   * @throws DomainError event_over, event_cancelled, event_all_asked, event_no_time (409), template_not_approved, not_found
   */
  send(user: CurrentUser, id: string, { template }: SendInvitationsForm): Promise<{ sent: number }> {
    return this.db.tx(async (tx) => {
      const event = await this.open(tx, user, id);
      if (event.inviteBy === 'sms' && !template) throw new InvalidInput([{ param: 'template', code: 'event_template_missing' }]);
      const now = this.clock.now();
      const waiting = sql`i.event_id = ${id} and i.excluded is null and i.invited_at is null and i.answer is null`;
      if (event.inviteBy === 'call') await this.makeTasks(tx, event, waiting);
      else await this.sendMessages(tx, event, { template: template ?? '', waiting });
      const sent = await tx.run(sql`
        update care.invitation i set invited_at = ${now}, invited_by = ${user.id},
          task_id = (select t.id from calls.v_task t join campaigns.v_campaign p on p.id = t.campaign_id
                     where p.code = ${INVITATIONS} and t.customer_id = i.customer_id and t.cycle = ${cycleOf(id)})
        where ${waiting}`);
      if (sent === 0) throw new DomainError('event_all_asked', { status: 409 });
      await this.audit.record(tx, user, { action: 'care.event_invited', object: 'event', id, detail: { sent, by: event.inviteBy } });
      return { sent };
    });
  }

  private async open(tx: Tx, user: CurrentUser, id: string): Promise<LockedEvent> {
    const event = await lockEvent(tx, id, inScope(user, sql`o.path`));
    if (event.startsAt <= this.clock.now()) throw new DomainError('event_over', { status: 409 });
    return event;
  }

  /** Each customer once, on the line they are reached on, within the scope of whoever adds them. */
  private async matched(tx: Tx, user: CurrentUser, { segment, phones = [] }: InviteesForm): Promise<Sql> {
    if (!segment && phones.length === 0) throw new InvalidInput([{ param: 'segment', code: 'event_nobody' }]);
    const sources: Sql[] = [];
    if (segment) {
      const found = await this.segments.byCode(user, segment, tx).catch(orUndefined);
      if (!found) throw new InvalidInput([{ param: 'segment', code: 'segment_unknown', params: { segment } }]);
      sources.push(
        sql`select m.customer_id from (${await this.segments.membersSql(found.id, { orgPath: user.orgPath, today: dayOf(this.clock.now()) }, tx)}) m`,
      );
    }
    if (phones.length > 0) sources.push(await this.byNumber(tx, user, phones));
    return sql`
      select k.customer_id, k.line_id, k.number from (${joinSql(sources, ' union ')}) x
      join customers.v_customer c on c.id = x.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id
      join customers.v_contact_line k on k.customer_id = x.customer_id
      where ${inScope(user, sql`o.path`)}`;
  }

  private async byNumber(tx: Tx, user: CurrentUser, phones: readonly string[]): Promise<Sql> {
    const numbers = phones.map((phone) => {
      const parsed = parsePhone(phone);
      if ('fault' in parsed) throw new InvalidInput([{ param: 'phones', code: 'sms_phone_invalid', params: { phone } }]);
      return parsed.number;
    });
    const unknown = await tx.maybe<{ number: string }>(sql`
      select n.number from unnest(${numbers}::text[]) n(number) where not exists (
        select from customers.v_line l join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
        where l.number = n.number and ${inScope(user, sql`o.path`)}) limit 1`);
    if (unknown) throw new InvalidInput([{ param: 'phones', code: 'event_phone_unknown', params: { phone: unknown.number.slice(-4) } }]);
    return sql`select l.customer_id from customers.v_line l where l.number = any(${numbers}::text[])`;
  }

  /** Calls go to the customer's manager, of those without one to nobody's list: a supervisor hands them over. Done by the day before. */
  private async makeTasks(tx: Tx, event: LockedEvent, waiting: Sql): Promise<void> {
    const now = this.clock.now();
    await tx.run(rawSql('create temp table event_task (task_id bigint, campaign_id bigint, customer_id bigint, cycle text) on commit drop'));
    await this.tasks.plan(
      tx,
      sql`
      select p.id as campaign_id, i.customer_id, i.line_id, ${cycleOf(event.id)}::text as cycle, u.id as owner_id, ${dayOf(now)}::date as due_on,
             ${callBy(event.startsAt, now)}::date as deadline_on, c.star_level as star, false as over_capacity
      from care.invitation i
      join customers.v_customer c on c.id = i.customer_id
      join campaigns.v_campaign p on p.code = ${INVITATIONS}
      left join staff.v_user u on u.id = c.manager_id and u.active
      where ${waiting}`,
      rawSql('event_task'),
    );
    await tx.run(rawSql('drop table event_task'));
  }

  /** Asked for after the hours of care messages, the next day's: what is planned for a day that is over is never sent. @throws DomainError event_no_time (409) */
  private messageDay({ startsAt }: LockedEvent): Day {
    const spans = this.contact.openSpans('care', { from: this.clock.now(), until: startsAt });
    const day = messageDay(
      spans.map(({ from, to }) => ({ from, to: to < startsAt ? to : startsAt })),
      CARE_HOURS,
    );
    if (day === undefined) throw new DomainError('event_no_time', { status: 409 });
    return day;
  }

  private async sendMessages(tx: Tx, event: LockedEvent, { template, waiting }: { template: string; waiting: Sql }): Promise<void> {
    await this.blasts.planForCare(tx, {
      ruleCode: INVITATIONS,
      part: event.id,
      day: this.messageDay(event),
      templateCode: template,
      purpose: 'care',
      recipients: sql`select i.customer_id, i.line_id, l.number from care.invitation i join customers.v_line l on l.id = i.line_id where ${waiting}`,
    });
  }
}

const cycleOf = (eventId: string): string => `event-${eventId}`;
