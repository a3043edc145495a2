import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import { StaffQueries } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { refuseErased } from './personal-data/erased.policy.js';
import { copyBirthday } from './profile/birthday-columns.js';
import { CustomerEntity } from './customer.entity.js';
import type { CustomerPatch, RevealForm } from './customers.forms.js';
import { CustomersQueries } from './customers.queries.js';
import { type Learning, type LineRow, MAY_REVEAL, type NumberHealth } from './customers.types.js';
import { LinesQueries } from './lines/lines.queries.js';
import { PLAIN, ProfileBook } from './profile/profile-book.commands.js';

/** What an account manager may not decide about her own customers. */
const NOT_FOR_MANAGERS = ['starLevel', 'tier', 'class', 'manager', 'hotlineBlacklist'] as const;

@Injectable()
export class CustomersCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly customers: CustomersQueries,
    private readonly lines: LinesQueries,
    private readonly staff: StaffQueries,
    private readonly audit: Audit,
    private readonly book: ProfileBook,
  ) {}

  /**
   * Corrects a customer by hand. Each changed value is kept with its old one, who changed it and when (CUS-2, CUS-3).
   * @throws DomainError not_found (also: outside the scope, a line of somebody else), role_refused, birthday_invalid, manager_unknown, manager_left,
   * profile_field_unknown, line_needed, customer_erased (409)
   */
  async update(user: CurrentUser, asked: string, patch: CustomerPatch, learning: { attemptId?: string } = {}): Promise<void> {
    const forbidden = user.role === 'manager' ? NOT_FOR_MANAGERS.find((field) => patch[field] !== undefined) : undefined;
    if (forbidden) throw new DomainError('role_refused', { status: 403, param: forbidden });
    const id = await this.customers.standing(asked);
    await this.database.tx(async (tx) => {
      await this.customers.facts(user, id, tx);
      const customer = await tx.manager.findOneOrFail(CustomerEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      refuseErased(customer);
      const before = { ...customer };
      await this.apply(user, customer, patch, tx);
      const line = await this.lineOf(tx, id, patch);
      const { note = null } = patch;
      const apologised = patch.apologised ?? false;
      const by: Learning = { by: user.id, at: this.clock.now(), attemptId: learning.attemptId ?? null, lineId: line?.id ?? null, note, apologised };
      const changed = await this.book.keep(tx, before, customer, by);
      if (patch.profile) changed.push(...(await this.book.collect(tx, id, patch.profile, by)));
      const { hotlineBlacklist: blacklisted } = patch;
      if (line && blacklisted !== undefined && (await this.book.flagLine(tx, id, { line, blacklisted }, by))) changed.push('hotline_blacklist');
      if (changed.length > 0) await this.audit.record(tx, user, { action: 'customer.changed', object: 'customer', id, detail: { fields: changed } });
    });
  }

  /** What a call told about the number itself; the mark stays for all later lists (CAM-8). */
  async setLineHealth(tx: Tx, lineId: string, health: NumberHealth, at: Date): Promise<void> {
    await tx.run(
      sql`update customers.line set health = ${health}, health_at = ${at} where id = ${lineId} and (health, health_at) is distinct from (${health}, ${at}::timestamptz)`,
    );
  }

  /**
   * Gives customers to other managers, set-based, each change with its old value (CUS-1, CUS-2); a customer goes to the unit of the new one.
   * @param select yields `customer_id, manager_id`; who asks has limited it to his scope
   * @returns how many changed
   */
  async giveTo(tx: Tx, select: Sql, by: Learning): Promise<number> {
    const given = await tx.run(sql`
      with given as (select g.customer_id, g.manager_id, u.org_unit_id from (${select}) g join staff.v_user u on u.id = g.manager_id),
      was as (select c.id, c.manager_id from customers.customer c where c.id in (select customer_id from given) order by c.id for update),
      changed as (
        update customers.customer c set manager_id = g.manager_id, org_unit_id = g.org_unit_id, updated_at = ${by.at}::timestamptz
        from given g join was w on w.id = g.customer_id
        where c.id = g.customer_id and w.manager_id is distinct from g.manager_id
        returning c.id, c.manager_id, w.manager_id as old_manager)
      insert into customers.profile_fact (customer_id, field, value, old_value, note, learned_by, learned_at)
      select id, 'manager', manager_id, old_manager, ${by.note ?? null}::text, ${by.by}::bigint, ${by.at}::timestamptz from changed`);
    if (given > 0) await this.book.announce(tx, null);
    return given;
  }

  /**
   * The full number of a line, for somebody who sees it masked; every look is in the audit log with its reason (SYS-2).
   * @throws DomainError not_found, role_refused
   */
  async reveal(user: CurrentUser, customerId: string, { reason, line: lineId }: RevealForm): Promise<LineRow> {
    if (!MAY_REVEAL.includes(user.role)) throw new DomainError('role_refused', { status: 403 });
    return this.database.tx(async (tx) => {
      await this.customers.facts(user, customerId, tx);
      const line = lineId ? await this.lines.one(customerId, lineId, tx) : (await this.lines.of(customerId, tx))[0];
      if (!line) throw notFound('line', lineId ?? '');
      const detail = { line: line.id, reason };
      await this.audit.record(tx, user, { action: 'customer.number-revealed', object: 'customer', id: customerId, detail });
      return line;
    });
  }

  /** @throws DomainError not_found for a line of somebody else, line_needed where a flag of a line came without one */
  private async lineOf(tx: Tx, customerId: string, { line: lineId, hotlineBlacklist }: CustomerPatch): Promise<LineRow | undefined> {
    if (lineId === undefined && hotlineBlacklist !== undefined) throw new DomainError('line_needed', { param: 'line' });
    if (lineId === undefined) return undefined;
    const line = await this.lines.one(customerId, lineId, tx);
    if (!line) throw notFound('line', lineId);
    return line;
  }

  private async apply(user: CurrentUser, customer: CustomerEntity, patch: CustomerPatch, tx: Tx): Promise<void> {
    copyPlain(customer, patch);
    copyBirthday(customer, patch);
    if (patch.manager === undefined) return;
    if (patch.manager === null) {
      customer.managerId = null;
      return;
    }
    const manager = await this.staff.user(user, patch.manager, tx).catch(() => undefined);
    const params = { manager: patch.manager };
    if (manager?.role !== 'manager') throw new DomainError('manager_unknown', { param: 'manager', params });
    // who has left keeps their customers until they are handed over, and is given none
    if (!manager.active && manager.id !== customer.managerId) throw new DomainError('manager_left', { param: 'manager', params });
    customer.managerId = manager.id;
    customer.orgUnitId = manager.orgUnitId;
  }
}

function copyPlain(customer: CustomerEntity, patch: CustomerPatch): void {
  const given = PLAIN.filter((field) => patch[field] !== undefined);
  Object.assign(customer, Object.fromEntries(given.map((field) => [field, patch[field]])));
}
