import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLocale, type Locale } from '../i18n/catalogue.js';
import { Authenticator } from './authenticator.js';
import './fastify.types.js';
import { isApi } from './request-kind.js';

const COOKIE = 'lang';
const YEAR_SECONDS = 365 * 86_400;

/** By Accept-Language alone. */
export const accepted = (request: FastifyRequest): Locale => (/^\s*en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'zh');

function chosen(request: FastifyRequest): Locale | undefined {
  const asked = (request.query as Record<string, unknown> | undefined)?.lang;
  if (isLocale(asked)) return asked;
  const kept = request.cookies[COOKIE];
  return isLocale(kept) ? kept : undefined;
}

async function keep(request: FastifyRequest, reply: FastifyReply, authenticator: Authenticator): Promise<void> {
  void reply.setCookie(COOKIE, request.locale, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax' });
  const viewer = request.session.userId ? await authenticator.bySession(request.session.userId) : undefined;
  if (viewer && viewer.locale !== request.locale) await authenticator.rememberLocale(viewer, request.locale);
}

/** Keeps the language of a person who has just logged in, whatever browser they sit at. */
export function useLocale(reply: FastifyReply, locale: Locale): void {
  void reply.setCookie(COOKIE, locale, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax' });
}

/** `?lang=` of this request, else what was chosen before (cookie), else Accept-Language, else Chinese. The API goes by Accept-Language alone. */
export function registerLanguage(fastify: FastifyInstance, authenticator: Authenticator): void {
  fastify.decorateRequest('locale', 'zh');
  fastify.decorateRequest('viewer', undefined);
  fastify.addHook('onRequest', async (request, reply) => {
    request.locale = isApi(request) ? accepted(request) : (chosen(request) ?? accepted(request));
    const asked = (request.query as Record<string, unknown> | undefined)?.lang;
    if (!isApi(request) && isLocale(asked) && request.method === 'GET') await keep(request, reply, authenticator);
  });
}
