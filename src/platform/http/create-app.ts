import compress from '@fastify/compress';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Clock } from '../../kernel/clock.js';
import type { Role } from '../config/config.js';
import { Database } from '../database/database.js';
import { Reading, reads } from '../database/reading.js';
import { Catalogue } from '../i18n/catalogue.js';
import { Metrics } from '../metrics/metrics.js';
import { withoutNumbers } from '../process/log-privacy.js';
import { onBehalfOf } from '../process/trace.js';
import { ViewEngine } from '../views/engine.js';
import { registerAssets } from './assets.js';
import { Authenticator } from './authenticator.js';
import { Chrome } from './chrome.js';
import { guardForms } from './csrf.js';
import { registerLanguage } from './language.js';
import { createLogger, NestLog, registerAccessLog, REQUEST_ID_LABEL } from './logging.js';
import { registerOpenApi } from './openapi.js';
import { Outside } from './outside.js';
import { registerViews } from './pages.js';
import { refuseUnreadable, takeNothingForNothing } from './readable.js';
import { isApi, isUnsafe } from './request-kind.js';
import { registerSecurityHeaders } from './security.js';
import { registerSessions } from './sessions.js';
import { closeAllButHealth } from './worker-door.js';

export interface HttpOptions {
  /** The folder that holds templates/ and node_modules/. */
  root: string;
  logLevel: string;
  /** Where the log goes instead of standard output. */
  logFile?: string | undefined;
  /** Requests a minute the API takes from one address; pages have no limit but the login. Default 60,000. */
  apiRateLimit?: number;
  /** Milliseconds one statement of a page may run. Default a minute. */
  readingLimitMs?: number | undefined;
  /** Bytes of a file people may hand in. Default 2 GB. */
  uploadLimit?: number;
  /** Addresses and networks whose `X-Forwarded-For` and `-Proto` are believed. Default none: who connects is who asks. */
  trustProxy?: readonly string[];
  /** `worker` serves health and figures, nothing else. Default: all. */
  role?: Role;
}

const API_RATE_LIMIT = 60_000;
/** A whole call centre stands behind one address: pages are not counted, guesses at a password are. */
const isLimited = (request: FastifyRequest): boolean => isApi(request) || request.url.startsWith('/login');

const UPLOAD_BYTES = 2 * 1024 ** 3;
const REQUEST_ID = /^[\w-]{8,64}$/;

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) && withoutNumbers(given) === given ? given : randomUUID();
}

function adapterFor(log: Logger, outside: Outside, trusted: readonly string[] = []): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: trusted.length > 0 ? [...trusted] : false,
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: REQUEST_ID_LABEL }),
    genReqId: requestId,
    bodyLimit: 1024 ** 2,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: outside.answer,
    routerOptions: { ignoreTrailingSlash: true },
  });
}

async function configure(app: NestFastifyApplication, options: HttpOptions): Promise<void> {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const authenticator = app.get(Authenticator);
  if (options.role === 'worker') closeAllButHealth(fastify);
  await registerSecurityHeaders(app, fastify);
  takeNothingForNothing(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (isApi(request)) void reply.header('cache-control', 'no-store');
    done();
  });
  // once the body is read: reading it ends what began before
  fastify.addHook('preValidation', (request, reply, done) =>
    onBehalfOf(request.id, () => (onlyReads(request) ? readFor(reply, new Reading(options.readingLimitMs), done) : done())),
  );
  registerAccessLog(fastify);
  measure(fastify, app.get(Metrics));
  await app.register(compress, {
    global: true,
    threshold: 1024,
    encodings: ['gzip', 'deflate'],
    customTypes: /^(text\/(?!event-stream)|application\/(json|javascript|xml)|image\/svg\+xml)/,
  });
  await app.register(rateLimit, { max: options.apiRateLimit ?? API_RATE_LIMIT, timeWindow: '1 minute', allowList: (request) => !isLimited(request) });
  await registerSessions(app, fastify, app.get(Database));
  registerLanguage(fastify, authenticator);
  await app.register(multipart, {
    limits: { fileSize: options.uploadLimit ?? UPLOAD_BYTES, files: 1, fields: 20, fieldSize: 64 * 1024, parts: 24, headerPairs: 50 },
  });
  refuseUnreadable(fastify);
  guardForms(fastify);
  const assets = await registerAssets(app, fastify, options.root);
  registerViews(fastify, { views: app.get(ViewEngine), chrome: app.get(Chrome), clock: app.get(Clock), authenticator, assets });
  registerOpenApi(app);
}

/** What only reads stops when who asked went away: a tab closed, a search typed on. */
function readFor(reply: FastifyReply, reading: Reading, done: () => void): void {
  reply.raw.once('finish', () => reading.answered());
  reply.raw.once('close', () => reading.left());
  reads(reading, done);
}

const onlyReads = ({ method, routeOptions }: FastifyRequest): boolean => !isUnsafe(method) && !routeOptions.config.writes;

function measure(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 500) metrics.failures.inc();
    done();
  });
}

/**
 * The web application around a root module, ready for init() or listen(). The same for the product and its tests.
 * The root module must bring DatabaseModule, HttpModule, a Clock and an Authenticator.
 */
export async function createApp(module: DynamicModule, options: HttpOptions): Promise<NestFastifyApplication> {
  const log = createLogger(options.logLevel, options.logFile);
  const outside = new Outside(() => app.get(Catalogue));
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(module, adapterFor(log, outside, options.trustProxy), {
    logger: new NestLog(log),
    abortOnError: false,
    rawBody: true, // a signature covers the bytes as they came
  });
  await configure(app, options);
  return app;
}
