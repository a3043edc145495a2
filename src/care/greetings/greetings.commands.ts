import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf, isDay } from '../../kernel/day.js';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { ApproveGreetingForm, AskGreetingForm, RefuseGreetingForm } from './greetings.forms.js';
import { DueCommands } from '../planning/due.commands.js';
import { GreetingsQueries } from './greetings.queries.js';
import type { ApprovalState, GreetingApproval } from './greetings.types.js';

/** A greeting goes out only with the client's recorded word for day and text (CAR-5). */
@Injectable()
export class GreetingsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly greetings: GreetingsQueries,
    private readonly audit: Audit,
    private readonly due: DueCommands,
  ) {}

  /**
   * Asks the client about the template's present wording.
   * @throws InvalidInput greeting_central, greeting_past, greeting_no_occasion, greeting_template · DomainError greeting_asked (409)
   */
  async ask(user: CurrentUser, { day, template }: AskGreetingForm): Promise<GreetingApproval> {
    await this.checkDay(day);
    return this.db.tx(async (tx) => {
      const made = await tx.maybe<{ id: string | null }>(sql`
        insert into care.greeting_approval (day, template_code, template_version, asked_by, asked_at)
        select ${day}::date, t.code, t.version, ${user.id}, ${this.clock.now()} from messaging.v_template t
        where t.code = ${template} and t.purpose = 'greeting' and t.version is not null
        on conflict do nothing returning id`);
      if (!made?.id) throw await this.notAsked(tx, { day, template });
      await this.record(tx, user, 'asked', { id: made.id, day, template });
      return this.greetings.byId(made.id, tx);
    });
  }

  /**
   * By the client, or by somebody who has it in writing and says where.
   * @throws DomainError not_found, greeting_day_taken (409), greeting_outdated (409), greeting_past (409); InvalidInput reference_needed
   */
  approve(user: CurrentUser, id: string, { reference }: ApproveGreetingForm): Promise<GreetingApproval> {
    if (user.role !== 'client' && !reference) throw new InvalidInput([{ param: 'reference', code: 'reference_needed' }]);
    return this.decide(user, id, { state: 'approved', reference: reference ?? null, reason: null });
  }

  /** Also takes an approval back, as long as the day has not come. @throws DomainError not_found, greeting_past (409) */
  async refuse(user: CurrentUser, id: string, { reason }: RefuseGreetingForm): Promise<GreetingApproval> {
    const refused = await this.decide(user, id, { state: 'refused', reference: null, reason });
    await this.due.withdrawFallen();
    return refused;
  }

  private decide(
    user: CurrentUser,
    id: string,
    said: { state: 'approved' | 'refused'; reference: string | null; reason: string | null },
  ): Promise<GreetingApproval> {
    return this.db.tx(async (tx) => {
      await tx.rows(sql`select pg_advisory_xact_lock(hashtext('care.greeting'))`);
      const before = await this.greetings.byId(id, tx);
      if (before.state === said.state) return before;
      await this.refuseLate(tx, before, said.state);
      await tx.run(sql`
        update care.greeting_approval set state = ${said.state}, decided_by = ${user.id}, decided_at = ${this.clock.now()}, reference = ${said.reference},
          reason = ${said.reason} where id = ${before.id}`);
      await this.record(tx, user, said.state, { ...said, id: before.id, day: before.day, template: before.template, version: before.version });
      return this.greetings.byId(id, tx);
    });
  }

  private async refuseLate(tx: Tx, { id, day, outdated, version }: GreetingApproval, state: ApprovalState): Promise<void> {
    if (day < dayOf(this.clock.now())) throw new DomainError('greeting_past', { status: 409, params: { day } });
    if (state !== 'approved') return;
    if (outdated) throw new DomainError('greeting_outdated', { status: 409, params: { version } });
    const other = await tx.maybe(sql`select 1 from care.greeting_approval where day = ${day}::date and state = 'approved' and id <> ${id}`);
    if (other) throw new DomainError('greeting_day_taken', { status: 409, params: { day } });
  }

  private async checkDay(day: Day): Promise<void> {
    const wrong = (code: string): InvalidInput => new InvalidInput([{ param: 'day', code, params: { day } }]);
    if (!isDay(day)) throw wrong('day_malformed');
    if (day < dayOf(this.clock.now())) throw wrong('greeting_past');
    const found = await this.greetings.day(day);
    if (found?.central ?? (await this.isClosed(day))) throw wrong('greeting_central');
    if (!found) throw wrong('greeting_no_occasion');
  }

  private async isClosed(day: Day): Promise<boolean> {
    return (await this.db.maybe(sql`select 1 from calendar.v_day where day = ${day}::date and closed_festival is not null`)) !== undefined;
  }

  private async notAsked(tx: Tx, { day, template }: AskGreetingForm): Promise<DomainError> {
    const known = await tx.maybe(sql`
      select 1 from care.greeting_approval a join messaging.v_template t on t.code = a.template_code and t.version = a.template_version
      where a.day = ${day}::date and a.template_code = ${template}`);
    if (known) return new DomainError('greeting_asked', { status: 409, param: 'template', params: { day, template } });
    return new InvalidInput([{ param: 'template', code: 'greeting_template', params: { template } }]);
  }

  private record(tx: Tx, user: CurrentUser, what: ApprovalState, { id, ...detail }: { id: string } & Record<string, unknown>): Promise<void> {
    return this.audit.record(tx, user, { action: `greeting.${what}`, object: 'greeting', id, detail });
  }
}
