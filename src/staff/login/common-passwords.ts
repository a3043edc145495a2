import { dictionary } from '@zxcvbn-ts/language-common';
import { LEAST_LENGTH } from './password.policy.js';

let known: ReadonlySet<string> | undefined;

/**
 * Passwords that many people have and every list of guesses begins with; capital letters do not help. Shorter ones than a password may be are left out
 * (ASVS 2.1.7 asks for three thousand; here are eighteen).
 */
export function isCommonPassword(password: string): boolean {
  known ??= new Set(dictionary['passwords-common'].filter((one) => one.length >= LEAST_LENGTH));
  return known.has(password.toLowerCase()) || /^(.)\1*$/u.test(password);
}
