import { QueryFailedError } from 'typeorm';
import { DomainError } from '../../kernel/errors.js';

/** Between here and there: nobody listens, nobody is found, or what was connected is cut. */
const LINE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);
/** PostgreSQL's own good-byes: class 08, shut down, crashed, starting up, dropped. */
const GOODBYE = /^(08|57P0)/;
/** pg's words for a connection that went while something was asked on it. */
const CUT = /^(Connection terminated|Client has encountered a connection error)/;
/** pg's words when no connection became free in time, and PostgreSQL's code when it takes no more. */
const NONE_FREE = 'timeout exceeded when trying to connect';
const NO_MORE_CLIENTS = '53300';

/** The database cannot be reached: whoever asked comes again, nothing is wrong with what they asked. */
export class DatabaseAway extends DomainError {
  constructor(cause: Error) {
    super('database_away', { status: 503 });
    this.message = `the database cannot be reached: ${cause.message}`;
    this.cause = cause;
  }
}

const isAway = (error: Error & { code?: string }): boolean =>
  LINE_CODES.has(error.code ?? '') || GOODBYE.test(error.code ?? '') || CUT.test(error.message);

/**
 * What fails at the pool, as who asks is told it. Only for what comes from the database: the codes of a line mean other things elsewhere.
 * @throws DomainError busy (503) when every connection is taken for too long · database_away (503)
 */
export function told(error: unknown): never {
  const fault: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(fault instanceof Error) || fault instanceof DomainError) throw error;
  if (fault.message === NONE_FREE || (fault as { code?: string }).code === NO_MORE_CLIENTS) throw new DomainError('busy', { status: 503 });
  throw isAway(fault) ? new DatabaseAway(fault) : error;
}
