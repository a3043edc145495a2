import { keptMessage } from '../jobs/failure.policy.js';

/** Mobile numbers of the mainland as people and systems write them: 13800138000, +8613800138000, 138 0013 8000, 138-0013-8000. */
const NUMBER = /(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/;
/** The id of a request is hexadecimal and may by chance look like a number; it has to stay readable to be found. */
const LINE = new RegExp(`"(?:requestId|reqId)":"[^"]*"|${NUMBER.source}`, 'g');

/** A line of the log, whoever wrote it, without phone numbers. */
export const withoutNumbers = (line: string): string => line.replace(LINE, (found) => (found.startsWith('"') ? found : '…'));

/** What PostgreSQL says of itself beside the message: none of it quotes a row, unlike `detail`, `where`, `query` and `parameters`. */
const KEPT = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine'] as const;

/** Where an error was thrown: a stack without its first lines, which repeat the message. */
export const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');

/**
 * What the log keeps of an error: its kind, its message without quoted values, where it was thrown, and its causes. PostgreSQL quotes whole rows
 * of customers in the rest.
 */
export function errorForLog(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: keptMessage(error) };
  const told = error as Error & Record<string, unknown>;
  const kept = KEPT.flatMap((key) => (typeof told[key] === 'string' ? [[key, told[key]] as const] : []));
  const cause = error.cause ?? told.driverError;
  return {
    type: error.name,
    message: keptMessage(error),
    ...Object.fromEntries(kept),
    stack: framesOf(error.stack ?? ''),
    ...(cause instanceof Error && cause !== error && depth < 3 ? { cause: errorForLog(cause, depth + 1) } : {}),
  };
}
