import { DomainError } from '../../kernel/errors.js';

export const LEAST_LENGTH = 8;

/**
 * What anybody would try first.
 * @param isCommon whether a password stands on the lists that guesses begin with
 * @throws DomainError `password_is_name`, `password_common` at `password`
 */
export function checkPassword(username: string, password: string, isCommon: (password: string) => boolean): void {
  if (password.toLowerCase() === username.toLowerCase()) throw new DomainError('password_is_name', { param: 'password' });
  if (isCommon(password)) throw new DomainError('password_common', { param: 'password' });
}

/** Whether guesses find it soon: short, the name, or common. */
export const isWeak = (username: string, password: string, isCommon: (password: string) => boolean): boolean =>
  password.length < LEAST_LENGTH || password.toLowerCase() === username.toLowerCase() || isCommon(password);
