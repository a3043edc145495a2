import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { birthdayWords } from './birthday.policy.js';
import type { CustomerEntity } from '../customer.entity.js';
import { CustomersQueries } from '../customers.queries.js';
import type { Learning } from '../customers.types.js';
import { fieldOf } from './profile.policy.js';
import { readValue } from './profile-values.policy.js';

/** Columns of a customer that are copied as they come and recorded like profile fields. */
export const PLAIN = ['name', 'gender', 'starLevel', 'tier', 'class', 'province', 'city', 'district', 'smsConsent', 'callConsent'] as const;

interface Fact {
  field: string;
  value: string | null;
  old_value: string | null;
}

/** The record of what was learned of a customer: who, when, in which call, and what stood there before (CUS-2, CUS-3). */
@Injectable()
export class ProfileBook {
  constructor(private readonly customers: CustomersQueries) {}

  /** Saves the row and writes one fact a changed column. @returns the names of the changed columns */
  async keep(tx: Tx, before: CustomerEntity, customer: CustomerEntity, by: Learning): Promise<string[]> {
    const was = told(before);
    const is = told(customer);
    const changed = Object.keys(is).filter((field) => was[field] !== is[field]);
    if (changed.length === 0) return [];
    customer.updatedAt = by.at;
    await tx.manager.save(customer);
    const facts = changed.map((field) => ({ field, value: is[field] ?? null, old_value: was[field] ?? null }));
    await this.write(tx, customer.id, facts, by);
    return changed;
  }

  /**
   * Collected fields; what is the same again leaves no trace.
   * @returns the names of the changed ones
   * @throws DomainError profile_field_unknown, profile_<type>_invalid
   */
  async collect(tx: Tx, customerId: string, profile: Record<string, string | null>, by: Learning): Promise<string[]> {
    const given = Object.entries(profile).map(([name, value]) => checked(snakeCase(name), value));
    if (given.length === 0) return [];
    const known = new Map((await this.customers.profile(customerId, tx)).map((fact) => [fact.field, fact.value]));
    const facts = given
      .map(({ field, value }) => ({ field, value, old_value: known.get(field) ?? null }))
      .filter(({ value, old_value }) => value !== old_value);
    await this.write(tx, customerId, facts, by);
    return facts.map(({ field }) => field);
  }

  private async write(tx: Tx, customerId: string, facts: Fact[], by: Learning): Promise<void> {
    if (facts.length === 0) return;
    await tx.run(sql`
      insert into customers.profile_fact (customer_id, field, value, old_value, note, apologised, learned_by, learned_at, attempt_id)
      select ${customerId}::bigint, f.field, f.value, f.old_value, ${by.note ?? null}::text,
             ${by.apologised ?? false} and f.field = 'birthday' and f.old_value is not null,
             ${by.by}::bigint, ${by.at}::timestamptz, ${by.attemptId ?? null}::uuid
      from jsonb_to_recordset(${JSON.stringify(facts)}::jsonb) as f(field text, value text, old_value text)`);
  }
}

/** Programs write secondContact, forms second_contact. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** @throws DomainError profile_field_unknown, profile_<type>_invalid */
function checked(field: string, given: unknown): { field: string; value: string | null } {
  const rule = fieldOf(field);
  const text = given === null ? '' : given;
  if (!rule || typeof text !== 'string') throw new DomainError('profile_field_unknown', { param: `profile.${field}`, params: { field } });
  if (text.trim() === '') return { field, value: null };
  const value = readValue(rule.type, text);
  if (value === null) throw new DomainError(`profile_${rule.type}_invalid`, { param: `profile.${field}` });
  return { field, value };
}

const text = (value: string | number | boolean | null | undefined): string | null => (value === null || value === undefined ? null : String(value));

/** A customer's values as text, the birthday as one: what a change is judged and recorded by. */
function told(customer: CustomerEntity): Record<string, string | null> {
  const { birthYear: year, birthMonth: month, birthDay: day, birthCalendar: calendar, birthLeap: leap } = customer;
  const birthday = month && day ? birthdayWords({ year, month, day, calendar, leap }) : null;
  return { ...Object.fromEntries(PLAIN.map((field) => [field, text(customer[field])])), birthday, manager: customer.managerId };
}
