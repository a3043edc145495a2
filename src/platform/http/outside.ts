import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Catalogue } from '../i18n/catalogue.js';
import { accepted } from './language.js';
import { asDomainError, problemOf } from './problem.js';
import { wantsHtml } from './request-kind.js';

/** Answers an address that cannot be read at all. It comes before every hook and route, so there is neither session nor frame of a page: browsers get the sentence alone. */
export class Outside {
  constructor(private readonly catalogue: () => Catalogue) {}

  readonly answer = (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, code, message } = problemOf(asDomainError(error), this.catalogue(), accepted(request));
    const requestId = String(request.id);
    void reply.code(status).header('x-request-id', requestId).header('cache-control', 'no-store');
    if (wantsHtml(request)) void reply.type('text/plain; charset=utf-8').send(message);
    else void reply.type('application/json; charset=utf-8').send(JSON.stringify({ error: { code, message, requestId } }));
  };
}
