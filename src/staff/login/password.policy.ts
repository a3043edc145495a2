import { DomainError } from '../../kernel/errors.js';

/**
 * What anybody would try first.
 * @param isCommon whether a password stands on the lists that guesses begin with
 * @throws DomainError `password_is_name`, `password_common` at `password`
 */
export function checkPassword(username: string, password: string, isCommon: (password: string) => boolean): void {
  if (password.toLowerCase() === username.toLowerCase()) throw new DomainError('password_is_name', { param: 'password' });
  if (isCommon(password)) throw new DomainError('password_common', { param: 'password' });
}
