import { type ArgumentMetadata, type PipeTransform, Injectable, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { DomainError, InvalidInput } from '../../kernel/errors.js';

const CODE = /^[a-z][a-z0-9_]*$/;

type Fault = { param: string; code: string; params?: Record<string, string> };

/** What class-validator says in English ends in the limit: `… not be less than 1`, `… following values: a, b`, `… at least 1 elements`. */
const limitOf = (text: string): string =>
  /(?:than or equal to |than |values: |equal to |matching |at least )(.+?)(?: characters| elements)?$/.exec(text)?.[1] ?? '';

/** `isIn` → `invalid_is_in`: the sentence of a rule that brings no code of its own. */
function ruleCode(rule: string, text: string): string {
  if (rule === 'isLength') return text.includes('longer than') ? 'invalid_min_length' : 'invalid_max_length';
  return `invalid_${rule.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}

function faultOf(param: string, value: unknown, constraints: Record<string, string>): Fault {
  const [rule = '', text = ''] = Object.entries(constraints).at(-1) ?? [];
  if (CODE.test(text)) return { param, code: text };
  const missing = value === undefined || value === null || value === '';
  return missing ? { param, code: 'invalid_is_not_empty' } : { param, code: ruleCode(rule, text), params: { limit: limitOf(text) } };
}

function faultsOf(errors: ValidationError[], prefix = ''): Fault[] {
  return errors.flatMap((error) => {
    const param = `${prefix}${error.property}`;
    const own = error.constraints ? [faultOf(param, error.value, error.constraints)] : [];
    return [...own, ...faultsOf(error.children ?? [], `${param}.`)];
  });
}

/** What every object has to those who read and convert it. */
const UNNAMEABLE = new Set(['constructor', 'toString', 'valueOf']);

/** Where a field of such a name lies. */
function misnamed(input: unknown, path: readonly string[] = []): Fault[] {
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([name, value]) => {
    const here = [...path, name];
    return UNNAMEABLE.has(name) ? [{ param: here.join('.'), code: 'invalid_whitelist_validation' }] : misnamed(value, here);
  });
}

async function check<T extends object>(form: Type<T>, input: unknown, strict: boolean): Promise<T> {
  const names = misnamed(input);
  if (names.length > 0) throw new InvalidInput(names);
  const value = plainToInstance(form, input ?? {}, { exposeDefaultValues: true });
  const errors = await validate(value, { whitelist: true, forbidNonWhitelisted: strict, forbidUnknownValues: false });
  const faults = faultsOf(errors);
  if (faults.length > 0) throw new InvalidInput(faults);
  return value;
}

/** An HTML form has no "absent": an empty box is one. */
const filledIn = (fields: unknown): [string, unknown][] =>
  Object.entries((fields ?? {}) as Record<string, unknown>).filter(([, value]) => value !== '');

/** The token and the pressed button belong to no form class. */
export function readForm<T extends object>(form: Type<T>, body: unknown): Promise<T> {
  return check(form, Object.fromEntries(filledIn(body).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value])), false);
}

/** Fields by name from a program: what the form does not know is refused. */
export const readStrict = <T extends object>(form: Type<T>, input: unknown): Promise<T> => check(form, input, true);

/** Checks every typed @Body() and @Query(): wrong and unknown fields are refused, each by name. */
@Injectable()
export class FormPipe implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    const typed = metatype && ![String, Boolean, Number, Array, Object].includes(metatype as never);
    if (!typed || (type !== 'body' && type !== 'query')) return value;
    if (value !== undefined && (typeof value !== 'object' || Array.isArray(value))) throw new DomainError('body_not_object', { status: 400 });
    // forms that narrow a list come as a query
    return type === 'body'
      ? check(metatype as Type<object>, value, true)
      : check(metatype as Type<object>, Object.fromEntries(filledIn(value)), false);
  }
}
