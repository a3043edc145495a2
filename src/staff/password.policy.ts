import { DomainError } from '../kernel/errors.js';

/** The first password anybody would try. @throws DomainError `password_is_name` at `password` */
export function checkPassword(username: string, password: string): void {
  if (password.toLowerCase() === username.toLowerCase()) throw new DomainError('password_is_name', { param: 'password' });
}
