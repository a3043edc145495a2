import { DomainError } from '../../kernel/errors.js';
import type { CustomerEntity } from '../customer.entity.js';
import type { CustomerPatch } from '../customers.forms.js';
import { parseBirthdayText } from './birthday.policy.js';

/** @throws DomainError birthday_invalid when no calendar has that day */
export function copyBirthday(
  customer: CustomerEntity,
  patch: Pick<CustomerPatch, 'birthday' | 'birthdayCalendar' | 'birthdayLeap'>,
  param = 'birthday',
): void {
  if (patch.birthday === undefined) return;
  if (patch.birthday === null) {
    Object.assign(customer, { birthYear: null, birthMonth: null, birthDay: null, birthLeap: false, birthTold: false });
    return;
  }
  const birthday = parseBirthdayText(patch.birthday, patch.birthdayCalendar ?? customer.birthCalendar, patch.birthdayLeap ?? false);
  if (!birthday) throw new DomainError('birthday_invalid', { param, params: { birthday: patch.birthday } });
  const { year, month, day, calendar, leap } = birthday;
  Object.assign(customer, { birthYear: year, birthMonth: month, birthDay: day, birthCalendar: calendar, birthLeap: leap, birthTold: true });
}
