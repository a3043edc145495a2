import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import { stampText } from '../../platform/views/formats.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CaseTasks } from './case-tasks.commands.js';
import { stateAfter } from './case.states.js';
import { type CaseRow, type CaseState, LIVE_STATES } from './case.types.js';
import type { CaseStep } from './cases.forms.js';
import { CasesQueries } from './cases.queries.js';
import { StoppingCommands } from './stopping.commands.js';

/** A deed on its way: who, to which case, where it leads. */
interface Doing {
  user: CurrentUser;
  row: CaseRow;
  form: CaseStep;
  after: CaseState;
}

/** What people do to a case: note, call again, say how it ended (RET-3). */
@Injectable()
export class CaseSteps {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly cases: CasesQueries,
    private readonly tasks: CaseTasks,
    private readonly lists: TasksCommands,
    private readonly stopping: StoppingCommands,
    private readonly audit: Audit,
  ) {}

  /**
   * @throws DomainError not_found · role_refused (403) · retention_step (409) from a state that does not allow it · retention_reason_unknown,
   * retention_direction_unknown · retention_why_missing · retention_day_past · retention_hours · retention_has_case (409) · retention_no_manager, user unknown
   */
  async step(user: CurrentUser, no: string, form: CaseStep): Promise<CaseRow> {
    if (user.role === 'planner') throw new DomainError('role_refused', { status: 403 });
    await this.database.tx(async (tx) => {
      const row = await this.locked(tx, user, no);
      const after = stateAfter(row, form.deed);
      if (after === null) throw new DomainError('retention_step', { status: 409, params: { no } });
      await this.noteWhy(tx, row, form);
      const doing: Doing = { user, row, form, after };
      if (form.deed === 'call') await this.planCall(tx, doing);
      else await this.move(tx, doing);
      await this.tell(tx, doing);
    });
    return this.cases.byNo(user, no);
  }

  /** What was typed beside a button of another deed is kept, not thrown away with it. */
  async keepTyped(user: CurrentUser, no: string, form: CaseStep): Promise<void> {
    const { reason, direction } = await this.cases.byNo(user, no);
    const changed = (form.reason ?? reason) !== reason || (form.direction ?? direction) !== direction || form.note !== undefined;
    if (changed) await this.step(user, no, form);
  }

  private async locked(tx: Tx, user: CurrentUser, no: string): Promise<CaseRow> {
    await tx.run(sql`select from retention.churn_case where no = ${no} for update`);
    return this.cases.byNo(user, no, tx);
  }

  /** Reason and direction, each one of its list; who leaves is asked for both. */
  private async noteWhy(tx: Tx, row: CaseRow, { deed, reason, direction }: CaseStep): Promise<void> {
    const known = { reason: reason ?? row.reason, direction: direction ?? row.direction };
    for (const [table, code] of [
      ['reason', reason],
      ['direction', direction],
    ] as const) {
      if (code === undefined) continue;
      if (!(await tx.maybe(sql`select 1 from ${rawSql(`retention.${table}`)} where code = ${code}`)))
        throw new DomainError(table === 'reason' ? 'retention_reason_unknown' : 'retention_direction_unknown', { param: table, params: { code } });
    }
    if (deed === 'lose' && (known.reason === null || known.direction === null))
      throw new DomainError('retention_why_missing', { param: known.reason === null ? 'reason' : 'direction' });
    await tx.run(sql`update retention.churn_case set reason_code = ${known.reason}, direction_code = ${known.direction} where id = ${row.id}`);
  }

  private async move(tx: Tx, { user, row, form: { deed }, after }: Doing): Promise<void> {
    if (after === row.state) return;
    const live = LIVE_STATES.includes(after);
    if (live) await this.refuseSecond(tx, row);
    if (deed === 'lift') await this.stopping.lift(tx, row.customerId);
    await tx.run(sql`
      update retention.churn_case set state = ${after}, state_by = 'person', closed_at = ${live ? null : this.clock.now()}, closed_by = ${live ? null : user.id}
      where id = ${row.id}`);
    if (live) await this.stopping.rest(tx, row);
    else await this.stopping.callOff(tx, [row.id]);
  }

  /** The call that is to be made moves; where none is, the next round begins. A supervisor may give it to somebody. */
  private async planCall(tx: Tx, { user, row, form, after }: Doing): Promise<void> {
    const now = this.clock.now();
    const at = form.at ?? null;
    const dueOn = at ? dayOf(at) : (form.on ?? dayOf(now));
    if (dueOn < dayOf(now) || (at && at < now)) throw new DomainError('retention_day_past', { param: at ? 'at' : 'on' });
    if (at) this.tasks.refuseClosed(at);
    if (after !== row.state) {
      await this.refuseSecond(tx, row);
      await tx.run(
        sql`update retention.churn_case set state = ${after}, state_by = 'person', closed_at = null, closed_by = null where id = ${row.id}`,
      );
      await this.stopping.rest(tx, row);
    }
    const ownerId = await this.ownerOf(tx, user, row, form.to);
    if (row.nextOn !== null && row.taskId !== null) {
      if (await this.lists.moveTo(tx, row.taskId, { dueOn, at, ownerId })) return;
      // somebody is on the phone: it is arranged once that call is saved
      await tx.run(sql`update retention.churn_case set wanted_on = ${dueOn}::date, wanted_at = ${at} where id = ${row.id}`);
      return;
    }
    if (!(await this.tasks.planOne(tx, row.id, { ownerId, dueOn, at }))) throw new DomainError('retention_no_manager', { param: 'to' });
  }

  /** Who has the case, or whom a supervisor gives it to. */
  private async ownerOf(tx: Tx, user: CurrentUser, row: CaseRow, to: string | undefined): Promise<string | null> {
    if (to === undefined) return user.role === 'manager' ? user.id : null;
    if (user.role === 'manager') throw new DomainError('role_refused', { status: 403, param: 'to' });
    const person = await tx.maybe<{ id: string }>(sql`
      select u.id from staff.v_user u where lower(u.username) = lower(${to}) and u.role = 'manager' and u.active and starts_with(u.org_path, ${user.orgPath}::text)`);
    if (!person) throw new DomainError('retention_manager_unknown', { param: 'to', params: { to, no: row.no } });
    return person.id;
  }

  private async refuseSecond(tx: Tx, { id, customerId }: CaseRow): Promise<void> {
    const other = await tx.maybe<{ no: string }>(
      sql`select no from retention.churn_case where customer_id = ${customerId} and state in ('open', 'talking') and id <> ${id}`,
    );
    if (other) throw new DomainError('retention_has_case', { status: 409, params: { no: other.no } });
  }

  private async tell(tx: Tx, { user, row, form, after }: Doing): Promise<void> {
    const called = form.at === undefined ? (form.on ?? dayOf(this.clock.now())) : stampText(form.at);
    const target = form.deed === 'call' ? called : [form.reason, form.direction].filter(Boolean).join(' ');
    await tx.run(sql`
      insert into retention.entry (case_id, at, by_user, deed, state, target, note)
      values (${row.id}, ${this.clock.now()}, ${user.id}, ${form.deed}, ${after}, ${target || null}, ${form.note ?? null})`);
    if (form.deed !== 'note' && form.deed !== 'call')
      await this.audit.record(tx, user, {
        action: `retention.${form.deed}`,
        object: 'churn_case',
        id: row.no,
        detail: { from: row.state, to: after },
      });
  }
}
