import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../../kernel/errors.js';
import { Catalogue } from '../i18n/catalogue.js';
import './fastify.types.js';
import { redirectTo } from './pages.js';
import { asDomainError, isUnreadableValue, problemOf, readersName } from './problem.js';
import { isHtmx, pathOf, wantsHtml } from './request-kind.js';
import { leaveSession } from './sessions.js';

/** JSON for programs, a page for browsers, a note for htmx. Never more about a fault of ours than its number. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly catalogue: Catalogue) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (request.raw.destroyed && !request.raw.complete) return request.log.warn('the client went away in the middle of its request');
    const refusal = asDomainError(error);
    if (refusal.status >= 500) request.log.error({ err: error }, 'request failed');
    else if (isUnreadableValue(error)) request.log.warn({ err: error }, 'a value reached the database unchecked');
    if (reply.raw.destroyed) return request.log.info('nobody waits for the answer any more');
    if (reply.sent || reply.raw.headersSent) return;
    try {
      await this.answer(refusal, request, reply);
    } catch (fault) {
      request.log.error({ err: fault }, 'the error page failed');
      if (!reply.sent) await this.answer(asDomainError(fault), request, reply).catch(() => this.barely(request, reply));
    }
  }

  private async barely(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply
      .code(500)
      .type('text/plain; charset=utf-8')
      .send(this.catalogue.t('zh', 'error.server', { requestId: request.id }));
  }

  private async answer(refusal: DomainError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (refusal.code === 'login_required' && wantsHtml(request)) return this.toLogin(request, reply);
    // a fault that every look into the database would meet again, the frame of a page and the session among them
    const alone = refusal.status === 503;
    if (refusal.status >= 500) leaveSession(request);
    const locale = request.locale ?? 'zh';
    const nameOf = wantsHtml(request) ? (param: string): string => readersName(this.catalogue, locale, param) : undefined;
    const problem = problemOf(refusal, this.catalogue, locale, nameOf);
    const requestId = String(request.id);
    if (!wantsHtml(request)) {
      const { code, message, param } = problem;
      await reply.code(problem.status).send({ error: { code, message: message.replace('{requestId}', requestId), param, requestId } });
      return;
    }
    const context = { problem, requestId, sentence: problem.message.replace('{requestId}', requestId) };
    await reply.view(isHtmx(request) ? 'ui/problem' : 'ui/error', context, {
      status: problem.status,
      ...(alone ? { layout: 'bare', alone } : {}),
      ...(isHtmx(request) ? { layout: false as const } : {}),
    });
  }

  private toLogin(request: FastifyRequest, reply: FastifyReply): void {
    const next = request.method === 'GET' && !isHtmx(request) && pathOf(request) !== '/' ? `?next=${encodeURIComponent(request.url)}` : '';
    void redirectTo(reply, `/login${next}`);
  }
}
