import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { birthdayWords, parseBirthdayWords } from './birthday.policy.js';
import type { CustomerEntity } from '../customer.entity.js';
import { Events } from '../../platform/jobs/events.js';
import { CustomersChanged } from '../customers.events.js';
import { CustomersQueries } from '../customers.queries.js';
import type { Learning, LineRow } from '../customers.types.js';
import { LinesQueries } from '../lines/lines.queries.js';
import { initialsOf } from '../search/initials.policy.js';
import { fieldOf } from './profile.policy.js';
import { numbersIn, readValue } from './profile-values.policy.js';

/** Columns of a customer that are copied as they come and recorded like profile fields. */
export const PLAIN = ['name', 'gender', 'starLevel', 'tier', 'class', 'province', 'city', 'district', 'smsConsent', 'callConsent'] as const;

interface Fact {
  field: string;
  value: string | null;
  old_value: string | null;
  line_id: string | null;
}

/** The record of what was learned of a customer: who, when, in which call, and what stood there before (CUS-2, CUS-3). */
@Injectable()
export class ProfileBook {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly lines: LinesQueries,
    private readonly events: Events,
  ) {}

  /** Tells whoever decided something by the facts of a customer, or of many (null), that they are others now. */
  announce(tx: Tx, customerId: string | null): Promise<void> {
    return this.events.publish(tx, CustomersChanged, { customerId });
  }

  /** Saves the row and writes one fact a changed column. @returns the names of the changed columns */
  async keep(tx: Tx, before: CustomerEntity, customer: CustomerEntity, by: Learning): Promise<string[]> {
    const was = told(before);
    const is = told(customer);
    const changed = Object.keys(is).filter((field) => was[field] !== is[field]);
    if (changed.length === 0) return [];
    customer.updatedAt = by.at;
    customer.nameInitials = customer.name === null ? null : initialsOf(customer.name);
    await tx.manager.save(customer);
    const facts = changed.map((field) => ({ field, value: is[field] ?? null, old_value: was[field] ?? null, line_id: null }));
    await this.write(tx, customer.id, facts, by);
    await this.announce(tx, customer.id);
    return changed;
  }

  /**
   * Collected fields; what is the same again leaves no trace. What is asked of a card is kept with the line that was talked about.
   * @returns the names of the changed ones
   * @throws DomainError profile_field_unknown, profile_<type>_invalid, profile_contact_own
   */
  async collect(tx: Tx, customerId: string, profile: Record<string, string | null>, by: Learning): Promise<string[]> {
    const given = Object.entries(profile).map(([name, value]) => checked(snakeCase(name), value));
    if (given.length === 0) return [];
    const lines = await this.lines.of(customerId, tx);
    const known = await this.customers.profile(customerId, tx);
    const facts = given
      .map(({ field, value, perLine }): Fact => {
        const line_id = perLine ? (by.lineId ?? lines[0]?.id ?? null) : null;
        return { field, value, line_id, old_value: known.find((fact) => fact.field === field && fact.lineId === line_id)?.value ?? null };
      })
      .filter(({ value, old_value }) => value !== old_value);
    refuseOwnNumbers(facts, lines);
    await this.write(tx, customerId, facts, by);
    for (const fact of facts) await this.keepOnLine(tx, fact, by);
    // it is their birthday that is kept
    if (facts.some(({ field }) => field === 'actual_user_birthday')) await this.announce(tx, customerId);
    return facts.map(({ field }) => field);
  }

  /** A flag of a line, recorded like a field. @returns whether it changed */
  async flagLine(tx: Tx, customerId: string, { line, blacklisted }: { line: LineRow; blacklisted: boolean }, by: Learning): Promise<boolean> {
    if (line.hotlineBlacklisted === blacklisted) return false;
    await tx.run(sql`update customers.line set hotline_blacklisted = ${blacklisted}, updated_at = ${by.at} where id = ${line.id}`);
    const fact = { field: 'hotline_blacklist', value: String(blacklisted), old_value: String(line.hotlineBlacklisted), line_id: line.id };
    await this.write(tx, customerId, [fact], by);
    return true;
  }

  /** The line's own columns, for whoever asks in sets: birthdays of actual users, lists of cards. */
  private async keepOnLine(tx: Tx, { field, value, line_id }: Fact, by: Learning): Promise<void> {
    if (line_id === null) return;
    if (field === 'actual_user')
      await tx.run(sql`update customers.line set actual_user_name = ${value}, updated_at = ${by.at} where id = ${line_id}`);
    if (field !== 'actual_user_birthday') return;
    const told = value === null ? null : parseBirthdayWords(value);
    await tx.run(sql`
      update customers.line set user_birth_year = ${told?.year ?? null}, user_birth_month = ${told?.month ?? null}, user_birth_day = ${told?.day ?? null},
        user_birth_calendar = ${told?.calendar ?? 'solar'}, user_birth_leap = ${told?.leap ?? false}, updated_at = ${by.at}
      where id = ${line_id}`);
  }

  private async write(tx: Tx, customerId: string, facts: Fact[], by: Learning): Promise<void> {
    if (facts.length === 0) return;
    await tx.run(sql`
      insert into customers.profile_fact (customer_id, line_id, field, value, old_value, note, apologised, learned_by, learned_at, attempt_id)
      select ${customerId}::bigint, f.line_id, f.field, f.value, f.old_value, ${by.note ?? null}::text,
             ${by.apologised ?? false} and f.field = 'birthday' and f.old_value is not null,
             ${by.by}::bigint, ${by.at}::timestamptz, ${by.attemptId ?? null}::uuid
      from jsonb_to_recordset(${JSON.stringify(facts)}::jsonb) as f(field text, value text, old_value text, line_id bigint)`);
  }
}

/** A second contact is another number than those of the customer. @throws DomainError profile_contact_own */
function refuseOwnNumbers(facts: readonly Fact[], lines: readonly LineRow[]): void {
  const own = new Set(lines.map((line) => line.number));
  const fact = facts.find(({ field, value }) => field === 'second_contact' && value !== null && numbersIn(value).some((number) => own.has(number)));
  if (fact) throw new DomainError('profile_contact_own', { param: `profile.${fact.field}` });
}

/** Programs write secondContact, forms second_contact. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** @throws DomainError profile_field_unknown, profile_<type>_invalid */
function checked(field: string, given: unknown): { field: string; value: string | null; perLine: boolean } {
  const rule = fieldOf(field);
  const text = given === null ? '' : given;
  if (!rule || typeof text !== 'string') throw new DomainError('profile_field_unknown', { param: `profile.${field}`, params: { field } });
  const perLine = rule.perLine ?? false;
  if (text.trim() === '') return { field, value: null, perLine };
  const value = readValue(rule.type, text);
  if (value === null) throw new DomainError(`profile_${rule.type}_invalid`, { param: `profile.${field}` });
  return { field, value, perLine };
}

const text = (value: string | number | boolean | null | undefined): string | null => (value === null || value === undefined ? null : String(value));

/** A customer's values as text, the birthday as one: what a change is judged and recorded by. */
function told(customer: CustomerEntity): Record<string, string | null> {
  const { birthYear: year, birthMonth: month, birthDay: day, birthCalendar: calendar, birthLeap: leap } = customer;
  const birthday = month && day ? birthdayWords({ year, month, day, calendar, leap }) : null;
  return { ...Object.fromEntries(PLAIN.map((field) => [field, text(customer[field])])), birthday, manager: customer.managerId };
}
