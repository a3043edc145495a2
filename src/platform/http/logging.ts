import type { LoggerService } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { type LogFn, type Logger, pino } from 'pino';
import { keptMessage } from '../jobs/failure.policy.js';
import { errorForLog, framesOf, pathForLog, withoutNumbers } from '../process/log-privacy.js';
import { requestIdNow } from '../process/trace.js';
import './fastify.types.js';
import { pathOf } from './request-kind.js';

/**
 * The log of the product: one JSON line an event on standard output (or in `file`). Requests appear with their path
 * only; queries and bodies hold names and numbers of customers and never get here, errors lose the values they quote, and no line keeps a
 * phone number (SYS-5). What a request asked for says its id, in jobs of other processes too.
 */
export function createLogger(level: string, file?: string): Logger {
  return pino(
    {
      level,
      mixin: requestOf,
      // packages log what they were given, the headers of an upload among it: they have cookies and tokens
      redact: { paths: ['*.password', '*.token', '*.authorization', 'headers', '*.headers'], censor: '[redacted]' },
      serializers: { err: errorForLog },
      hooks: { logMethod: withKeptMessage, streamWrite: withoutNumbers },
    },
    pino.destination({ dest: file ?? 1, sync: false, mkdir: true }),
  );
}

/** Left alone, pino takes the message of an error as the text of its line, as it stands. Packages log errors so. */
function withKeptMessage(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, ...rest] = args as unknown[];
  const fields: unknown = first instanceof Error ? { err: first } : first;
  const { err } = (typeof fields === 'object' && fields !== null ? fields : {}) as { err?: unknown };
  if (err instanceof Error && rest[0] === undefined) method.call(this, fields as object, keptMessage(err));
  else method.call(this, fields as object, ...(rest as [string]));
}

/** Under which the log has the id of a request, whether Fastify says it or the trace does. */
export const REQUEST_ID_LABEL = 'requestId';

/** Lines of the request itself have its id from Fastify. */
const requestOf = (_fields: object, _level: number, logger: Logger): object => {
  const requestId = requestIdNow();
  return requestId && !(REQUEST_ID_LABEL in logger.bindings()) ? { [REQUEST_ID_LABEL]: requestId } : {};
};

export function registerAccessLog(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      path: pathForLog(pathOf(request)),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      user: request.viewer?.username,
    };
    if (!request.url.startsWith('/static/')) request.log.info(line, 'request');
    done();
  });
}

const contextOf = (rest: unknown[]): string | undefined => (typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined);
const textOf = (message: unknown): string => (message instanceof Error ? keptMessage(message) : String(message));

/** Nest's own lines through the same log. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, textOf(message));
  }

  /** `rest` is what Nest hands over: the stack of what was thrown, if there is one, and the context. */
  error(message: unknown, ...rest: unknown[]): void {
    const thrown = rest.length > 1 && typeof rest[0] === 'string' ? { stack: framesOf(rest[0]) } : {};
    this.logger.error({ context: contextOf(rest), err: message instanceof Error ? message : undefined, ...thrown }, textOf(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: contextOf(rest) }, textOf(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, textOf(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace({ context: contextOf(rest) }, textOf(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ context: contextOf(rest) }, textOf(message));
  }
}
