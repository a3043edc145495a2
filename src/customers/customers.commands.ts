import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit.commands.js';
import { StaffQueries } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { birthdayText, parseBirthdayText } from './birthday.policy.js';
import { CustomerEntity } from './customer.entity.js';
import type { CustomerPatch } from './customers.forms.js';
import { CustomersQueries } from './customers.queries.js';
import { GENDERS, type Learning, type LineRow, type NumberHealth } from './customers.types.js';
import { isProfileField, LONGEST_VALUE } from './profile.policy.js';

/** Columns that are copied as they come. */
const PLAIN = ['name', 'gender', 'starLevel', 'tier', 'class', 'province', 'city', 'district', 'smsConsent', 'callConsent'] as const;
/** What an account manager may not decide about her own customers. */
const NOT_FOR_MANAGERS = ['starLevel', 'tier', 'class', 'manager'] as const;

@Injectable()
export class CustomersCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly customers: CustomersQueries,
    private readonly staff: StaffQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * Corrects a customer by hand. Each changed value is kept with its old one, who changed it and when (CUS-2, CUS-3).
   * @throws DomainError not_found (also: outside the scope), role_refused, birthday_invalid, manager_unknown, profile_field_unknown
   */
  async update(user: CurrentUser, id: string, patch: CustomerPatch, learning: { attemptId?: string } = {}): Promise<void> {
    const forbidden = user.role === 'manager' ? NOT_FOR_MANAGERS.find((field) => patch[field] !== undefined) : undefined;
    if (forbidden) throw new DomainError('role_refused', { status: 403, param: forbidden });
    await this.database.tx(async (tx) => {
      await this.customers.facts(user, id, tx);
      const customer = await tx.manager.findOneOrFail(CustomerEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const before = { ...customer };
      await this.apply(user, customer, patch, tx);
      const by: Learning = { by: user.id, at: this.clock.now(), attemptId: learning.attemptId ?? null, note: patch.note ?? null };
      const changed = await this.keep(tx, before, customer, by);
      if (patch.profile) changed.push(...(await this.writeProfile(tx, id, patch.profile, by)));
      if (changed.length > 0) await this.audit.record(tx, user, { action: 'customer.changed', object: 'customer', id, detail: { fields: changed } });
    });
  }

  /**
   * Writes down what was learned in a call, within the transaction of the attempt. Fields: those of the profile, and `birthday` (`11-26`, with
   * `birthday_calendar`), `gender`, `name`.
   * @throws DomainError profile_field_unknown, birthday_invalid
   */
  async learn(tx: Tx, customerId: string, facts: Record<string, string | null>, by: Learning): Promise<void> {
    const told = Object.fromEntries(Object.entries(facts).map(([field, value]) => [snakeCase(field), value]));
    const { birthday, birthday_calendar: calendar, gender, name, ...profile } = told;
    if (birthday || gender || name) {
      const customer = await tx.manager.findOneOrFail(CustomerEntity, { where: { id: customerId }, lock: { mode: 'pessimistic_write' } });
      const before = { ...customer };
      if (name) customer.name = name.slice(0, 100);
      if (gender) customer.gender = oneOf(GENDERS, gender, 'gender');
      if (birthday) copyBirthday(customer, { birthday, ...(calendar ? { birthdayCalendar: oneOf(CALENDARS, calendar, 'birthday_calendar') } : {}) });
      await this.keep(tx, before, customer, by);
    }
    await this.writeProfile(tx, customerId, profile, by);
  }

  /** What a call told about the number itself; the mark stays for all later lists (CAM-8). */
  async setLineHealth(tx: Tx, lineId: string, health: NumberHealth, at: Date): Promise<void> {
    await tx.run(
      sql`update customers.line set health = ${health}, health_at = ${at} where id = ${lineId} and (health, health_at) is distinct from (${health}, ${at}::timestamptz)`,
    );
  }

  /** The full number of a line, for somebody who sees it masked; every look is in the audit log (SYS-2). @throws DomainError not_found */
  async reveal(user: CurrentUser, customerId: string, lineId?: string): Promise<LineRow> {
    return this.database.tx(async (tx) => {
      await this.customers.facts(user, customerId, tx);
      const lines = await this.customers.lines(customerId, tx);
      const line = lineId ? lines.find((one) => one.id === lineId) : lines[0];
      if (!line) throw new DomainError('not_found', { status: 404, params: { thing: 'line', id: lineId ?? '' } });
      await this.audit.record(tx, user, { action: 'customer.number-revealed', object: 'customer', id: customerId, detail: { line: line.id } });
      return line;
    });
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
    if (manager?.role !== 'manager') throw new DomainError('manager_unknown', { param: 'manager', params: { manager: patch.manager } });
    customer.managerId = manager.id;
    customer.orgUnitId = manager.orgUnitId;
  }

  /** Saves the row and writes one profile fact a changed column. @returns the names of the changed columns */
  private async keep(tx: Tx, before: CustomerEntity, customer: CustomerEntity, by: Learning): Promise<string[]> {
    const was = told(before);
    const is = told(customer);
    const changed = Object.keys(is).filter((field) => was[field] !== is[field]);
    if (changed.length === 0) return [];
    customer.updatedAt = by.at;
    await tx.manager.save(customer);
    const rows = changed.map((field) => ({ field, value: is[field] ?? null, old_value: was[field] ?? null }));
    await this.writeFacts(tx, customer.id, rows, by);
    return changed;
  }

  private async writeProfile(tx: Tx, customerId: string, profile: Record<string, string | null>, by: Learning): Promise<string[]> {
    const told = Object.entries(profile).map(([field, value]) => ({ field: snakeCase(field), value: value?.trim() || null }));
    const unknown = told.find(({ field, value }) => !isProfileField(field) || (value?.length ?? 0) > LONGEST_VALUE);
    if (unknown)
      throw new DomainError('profile_field_unknown', { param: `profile.${unknown.field}`, params: { field: unknown.field, max: LONGEST_VALUE } });
    if (told.length === 0) return [];
    const known = new Map((await this.customers.profile(customerId, tx)).map((fact) => [fact.field, fact.value]));
    const rows = told
      .filter(({ field, value }) => (known.get(field) ?? null) !== value)
      .map(({ field, value }) => ({ field, value, old_value: known.get(field) ?? null }));
    await this.writeFacts(tx, customerId, rows, by);
    return rows.map(({ field }) => field);
  }

  private async writeFacts(
    tx: Tx,
    customerId: string,
    rows: { field: string; value: string | null; old_value: string | null }[],
    by: Learning,
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.run(sql`
      insert into customers.profile_fact (customer_id, field, value, old_value, note, learned_by, learned_at, attempt_id)
      select ${customerId}::bigint, f.field, f.value, f.old_value, ${by.note ?? null}::text, ${by.by}::bigint, ${by.at}::timestamptz, ${by.attemptId ?? null}::uuid
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f(field text, value text, old_value text)`);
  }
}

const CALENDARS = ['solar', 'lunar'] as const;

/** Programs write secondContact, forms second_contact. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** @throws DomainError profile_field_unknown */
function oneOf<T extends string>(allowed: readonly T[], value: string, field: string): T {
  const found = allowed.find((one) => one === value);
  if (!found) throw new DomainError('profile_field_unknown', { param: `profile.${field}`, params: { field, max: LONGEST_VALUE } });
  return found;
}

function copyPlain(customer: CustomerEntity, patch: CustomerPatch): void {
  const given = PLAIN.filter((field) => patch[field] !== undefined);
  Object.assign(customer, Object.fromEntries(given.map((field) => [field, patch[field]])));
}

/** @throws DomainError birthday_invalid when no calendar has that day */
function copyBirthday(customer: CustomerEntity, patch: Pick<CustomerPatch, 'birthday' | 'birthdayCalendar' | 'birthdayLeap'>): void {
  if (patch.birthday === undefined) return;
  if (patch.birthday === null) {
    Object.assign(customer, { birthYear: null, birthMonth: null, birthDay: null, birthLeap: false });
    return;
  }
  const birthday = parseBirthdayText(patch.birthday, patch.birthdayCalendar ?? customer.birthCalendar, patch.birthdayLeap ?? false);
  if (!birthday) throw new DomainError('birthday_invalid', { param: 'birthday', params: { birthday: patch.birthday } });
  const { year, month, day, calendar, leap } = birthday;
  Object.assign(customer, { birthYear: year, birthMonth: month, birthDay: day, birthCalendar: calendar, birthLeap: leap });
}

const text = (value: string | number | boolean | null | undefined): string | null => (value === null || value === undefined ? null : String(value));

/** A customer's values as text, the birthday as one: what a change is judged and recorded by. */
function told(customer: CustomerEntity): Record<string, string | null> {
  const { birthYear: year, birthMonth: month, birthDay: day, birthCalendar: calendar, birthLeap: leap } = customer;
  const birthday =
    month && day ? `${calendar === 'lunar' ? (leap ? 'lunar leap ' : 'lunar ') : ''}${birthdayText({ year, month, day, calendar, leap })}` : null;
  return { ...Object.fromEntries(PLAIN.map((field) => [field, text(customer[field])])), birthday, manager: customer.managerId };
}
