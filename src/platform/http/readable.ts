import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../kernel/errors.js';

const DEEPEST = 40;
/** PostgreSQL keeps no NUL, and half a character (one surrogate without the other) is no text in any encoding. */
const UNREADABLE = /\0|\p{Surrogate}/u;

function refusal(name: string): DomainError {
  const param = name.replace(/[^\w.-]/g, '').slice(0, 60) || 'body';
  return new DomainError('text_unreadable', { status: 400, param, params: { param } });
}

/** @throws DomainError `text_unreadable` at the field · `malformed_body` for what is nested without end (both 400) */
export function requireReadable(input: unknown, param = 'body', depth = 0): void {
  if (typeof input === 'string') {
    if (UNREADABLE.test(input)) throw refusal(param);
    return;
  }
  if (typeof input !== 'object' || input === null || Buffer.isBuffer(input)) return;
  if (depth > DEEPEST) throw new DomainError('malformed_body', { status: 400 });
  for (const [name, value] of Object.entries(input)) {
    if (UNREADABLE.test(name)) throw refusal(param);
    requireReadable(value, Array.isArray(input) ? param : name, depth + 1);
  }
}

/** A request with nothing in it says so, whatever kind of content it names: many programs name one with every request. */
export function takeNothingForNothing(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ headers }, _reply, done) => {
    const empty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
    if (empty) delete headers['content-type'];
    done();
  });
}

/** Address, query and body of every request, before anybody works with them. */
export function refuseUnreadable(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', (request, _reply, done) => {
    try {
      for (const part of [request.params, request.query, request.body]) requireReadable(part);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
