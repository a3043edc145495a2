import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import type { TextParams } from '../i18n/catalogue.js';
import type { ViewEngine } from '../views/engine.js';
import { nameFields } from '../views/field-names.js';
import type { Authenticator } from './authenticator.js';
import type { Chrome } from './chrome.js';
import { csrfToken } from './csrf.js';
import type { ViewOptions } from './fastify.types.js';
import { isHtmx, isUnsafe, pathOf } from './request-kind.js';

interface PageServices {
  views: ViewEngine;
  chrome: Chrome;
  clock: Clock;
  authenticator: Authenticator;
  /** The versioned prefix of all assets, `/static/3f9c…`. */
  assets: string;
}

/** Sends the browser on: htmx follows a header with a full load, a plain form a 303. */
export function redirectTo(reply: FastifyReply, url: string): FastifyReply {
  if (isHtmx(reply.request)) return reply.code(204).header('HX-Redirect', url).send();
  return reply.code(303).redirect(url);
}

/** A sentence for the next page: `flash(request, 'campaigns.saved', { name })`. */
export function flash(request: FastifyRequest, key: string, params: TextParams = {}): void {
  request.session.flash = { key, params };
}

/** Gives every reply its `view()`. */
export function registerViews(fastify: FastifyInstance, services: PageServices): void {
  fastify.decorateReply('view', async function (this: FastifyReply, view: string, context: object = {}, options: ViewOptions = {}): Promise<void> {
    const base = options.layout === false || options.alone ? fragmentContext(this.request, services) : await pageContext(this.request, services);
    const html = nameFields(services.views.render(view, { ...base, ...context }, options.layout));
    if (options.status) void this.code(options.status);
    // A fragment and its page share an address; `Vary` keeps them apart in the history cache of the browser.
    await this.type('text/html; charset=utf-8').header('vary', 'HX-Request').header('cache-control', 'no-store').send(html);
  });
}

function fragmentContext(request: FastifyRequest, services: PageServices): Record<string, unknown> {
  const [path = '/', query = ''] = shownAt(request).split('?', 2);
  return {
    locale: request.locale,
    now: services.clock.now(),
    user: request.viewer,
    path,
    query,
    assets: services.assets,
    // Asked by {{csrf}} only: a token makes a session, and most pages a guest sees have no form.
    csrfToken: () => csrfToken(request),
  };
}

/** The address the reader sees: a form that came back still stands on the page it was sent from. */
function shownAt(request: FastifyRequest): string {
  if (!isUnsafe(request.method)) return request.url;
  const referer = request.headers.referer ?? '';
  const from = URL.canParse(referer) ? new URL(referer) : undefined;
  return from?.host === request.host ? `${from.pathname}${from.search}` : '/';
}

async function pageContext(request: FastifyRequest, services: PageServices): Promise<Record<string, unknown>> {
  // A page for an unknown address passes no guard, but its reader may be logged in all the same.
  if (!request.viewer && request.session?.userId) request.viewer = await services.authenticator.bySession(request.session.userId);
  const context = fragmentContext(request, services);
  const { viewer, locale } = request;
  const chrome = await services.chrome.collect({ viewer, locale, now: services.clock.now(), path: pathOf(request) });
  return { ...context, ...chrome, flash: takeFlash(request) };
}

function takeFlash(request: FastifyRequest): unknown {
  const note = request.session?.flash;
  if (note) request.session.flash = undefined;
  return note;
}
