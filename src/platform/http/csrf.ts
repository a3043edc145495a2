import CSRF from '@fastify/csrf';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import './fastify.types.js';
import { isApi, isUnsafe } from './request-kind.js';

const tokens = new CSRF({ userInfo: false });

/** A token for the forms of this session. Makes a session for a guest, so ask only where a form is shown. */
export function csrfToken(request: FastifyRequest): string {
  const secret = (request.session.csrfSecret ??= tokens.secretSync());
  return tokens.create(secret);
}

/** @throws DomainError `csrf_invalid` (403) when the token is not one of this session. */
export function checkCsrf(request: FastifyRequest, token: unknown): void {
  const secret = request.session.csrfSecret;
  if (!secret || typeof token !== 'string' || !tokens.verify(secret, token)) throw new DomainError('csrf_invalid', { status: 403 });
}

/**
 * Every unsafe page request carries the token as field `_csrf` or header `csrf-token`. The API takes no session cookie
 * for unsafe requests (sessions.ts), so there is nothing to forge there.
 */
export function guardForms(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (!isUnsafe(request.method) || isApi(request) || request.is404 || request.routeOptions.config.upload) return done();
    const body = request.body as Record<string, unknown> | undefined;
    try {
      checkCsrf(request, body?._csrf ?? request.headers['csrf-token']);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
