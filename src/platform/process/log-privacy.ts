import { inspect } from 'node:util';
import { parsePhone } from '../../kernel/phone.js';
import { keptMessage } from '../jobs/failure.policy.js';

const DIGIT = '[\\d\\uff10-\\uff19]';
/** Digits enough for a number, also with blanks or dashes between them; not those of a UUID or another hexadecimal word. */
const LONG = new RegExp(`(?<![\\da-f\\uff10-\\uff19-])\\+?${DIGIT}(?:[ -]?${DIGIT}){9,}(?![\\da-f-])`, 'g');
/** What stands behind the path of an address that a package quotes. */
const QUERY = /(\/[\w/%.:-]*)\?[^\s"\\]+/g;

const isNumber = (text: string): boolean => 'number' in parsePhone(text);

/** A line of the log, whoever wrote it, without phone numbers in any spelling that files may have, and without the queries of addresses. */
export const withoutNumbers = (line: string): string => line.replace(QUERY, '$1?…').replace(LONG, (digits) => (isNumber(digits) ? '…' : digits));

const readable = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** The path of an address: ids and codes stay, what may be a name or a number does not. */
export const pathForLog = (path: string): string =>
  path
    .split('/')
    .map((segment) => (/^[\w.~-]*$/.test(readable(segment)) && !isNumber(segment) ? segment : '…'))
    .join('/');

/** Where an error was thrown: a stack without its first lines, which repeat the message. */
export const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');

/** What PostgreSQL says of itself beside the message: none of it quotes a row, unlike `detail`, `where`, `query` and `parameters`. */
const KEPT = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine'] as const;
const DEEPEST = 3;
/** Of what failed together, as the addresses of a name that were all tried. */
const MOST = 3;

/**
 * What the log keeps of an error: its kind, its message without quoted values, where it was thrown, and its causes. PostgreSQL quotes whole rows
 * of customers in the rest.
 */
export function errorForLog(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: keptMessage(error) };
  const told = error as Error & Record<string, unknown>;
  const kept = KEPT.flatMap((key) => (typeof told[key] === 'string' ? [[key, told[key]] as const] : []));
  const parts = error instanceof AggregateError ? (error.errors as unknown[]).slice(0, MOST) : [];
  const causes = [...new Set([error.cause, told.driverError, ...parts])].filter((one) => one instanceof Error && one !== error);
  return {
    type: error.name,
    message: keptMessage(error),
    ...Object.fromEntries(kept),
    stack: framesOf(error.stack ?? ''),
    ...(causes.length > 0 && depth < DEEPEST ? { causes: causes.map((one) => errorForLog(one, depth + 1)) } : {}),
  };
}

/** Whether an error, or what it was made of, comes from PostgreSQL and may quote rows. */
const quotesRows = (error: Error): boolean => ['severity', 'detail', 'driverError', 'query'].some((key) => key in error);

/**
 * An error nobody caught, for a console that somebody may collect. Whoever starts the product has to see what is wrong with it, so messages stand as
 * they are, but for what PostgreSQL says.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return withoutNumbers(String(error));
  const causes = [error, error.cause].filter((one) => one instanceof Error);
  return withoutNumbers(causes.some(quotesRows) ? inspect(errorForLog(error), { depth: null }) : (error.stack ?? error.message));
}
