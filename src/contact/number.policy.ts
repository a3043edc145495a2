import { instantIn } from '../kernel/day.js';
import { InvalidInput } from '../kernel/errors.js';
import { parsePhone } from '../kernel/phone.js';

/** A number as a person or a program wrote it, in E.164. @throws InvalidInput with the fault's own sentence */
export function requireNumber(input: string, param = 'phone'): string {
  const parsed = parsePhone(input);
  if ('number' in parsed) return parsed.number;
  const digits = input.replace(/\D/g, '').length;
  throw new InvalidInput([{ param, code: `contact_phone_${parsed.fault}`, params: { digits } }]);
}

/** An instant with its zone as it is; without one it is Shanghai time; a day alone means all of it. */
export function instantOf(text: string): Date {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return new Date(`${text}T23:59:59.999+08:00`);
  return instantIn(text);
}
