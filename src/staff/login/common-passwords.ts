import { dictionary } from '@zxcvbn-ts/language-common';

/** From eight characters on, as few as one's own password has (ASVS 2.1.7 asks for three thousand of these; here are eighteen). */
const LEAST = 8;
let known: ReadonlySet<string> | undefined;

/** Passwords that many people have and every list of guesses begins with; capital letters do not help. */
export function isCommonPassword(password: string): boolean {
  known ??= new Set(dictionary['passwords-common'].filter((one) => one.length >= LEAST));
  return known.has(password.toLowerCase()) || /^(.)\1*$/u.test(password);
}
