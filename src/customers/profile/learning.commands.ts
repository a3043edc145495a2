import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { CustomerEntity } from '../customer.entity.js';
import { calendarOf } from '../customers.forms.js';
import { FORM_CALENDARS, GENDERS, type Learning } from '../customers.types.js';
import { IdCardCommands } from '../id-card/id-card.commands.js';
import { CustomerSettingsQueries } from '../settings/customer-settings.queries.js';
import { copyBirthday } from './birthday-columns.js';
import { ProfileBook, snakeCase } from './profile-book.commands.js';

/** What a customer told in a call goes into their profile, with the call it was told in (CUS-2). */
@Injectable()
export class LearningCommands {
  constructor(
    private readonly book: ProfileBook,
    private readonly idCards: IdCardCommands,
    private readonly settings: CustomerSettingsQueries,
  ) {}

  /**
   * Writes down what was learned in a call, within the transaction of the attempt. Fields: those of the profile, and `birthday` (`11-26`, with
   * `birthday_calendar` and, for a wrong one, `apologised`), `gender`, `name`,
   * `id_card` where asking for it is switched on.
   * @throws DomainError profile_field_unknown, profile_<type>_invalid, birthday_invalid, id_card_not_asked, id_card_<fault>
   */
  async learn(tx: Tx, customerId: string, facts: Record<string, string | null>, by: Learning): Promise<void> {
    const told = Object.fromEntries(Object.entries(facts).map(([field, value]) => [snakeCase(field), asText(field, value)]));
    const { birthday, birthday_calendar: calendar, apologised, gender, name, id_card: idCard, ...profile } = told;
    if (birthday || gender || name) {
      const customer = await tx.manager.findOneOrFail(CustomerEntity, { where: { id: customerId }, lock: { mode: 'pessimistic_write' } });
      const before = { ...customer };
      if (name) customer.name = name.slice(0, 100);
      if (gender) customer.gender = oneOf(GENDERS, gender, 'gender');
      const inCalendar = calendar ? calendarOf(oneOf(FORM_CALENDARS, calendar, 'birthday_calendar')) : {};
      if (birthday) copyBirthday(customer, { birthday, ...inCalendar }, 'profile.birthday');
      await this.book.keep(tx, before, customer, { ...by, apologised: apologised === 'true' });
    }
    if (idCard) await this.keepIdCard(tx, customerId, idCard, by);
    await this.book.collect(tx, customerId, profile, by);
  }

  /** @throws DomainError id_card_not_asked while asking is switched off, id_card_<fault> */
  private async keepIdCard(tx: Tx, customerId: string, number: string, by: Learning): Promise<void> {
    if (!(await this.settings.current(tx)).askIdCard) throw new DomainError('id_card_not_asked', { param: 'profile.id_card' });
    await this.idCards.keep(tx, customerId, number, by);
  }
}

/** What a program sent as a value: text, a number or a flag. @throws DomainError profile_field_unknown */
function asText(field: string, value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new DomainError('profile_field_unknown', { param: `profile.${field}`, params: { field } });
}

/** @throws DomainError profile_field_unknown */
function oneOf<T extends string>(allowed: readonly T[], value: string, field: string): T {
  const found = allowed.find((one) => one === value);
  if (!found) throw new DomainError('profile_field_unknown', { param: `profile.${field}`, params: { field } });
  return found;
}
