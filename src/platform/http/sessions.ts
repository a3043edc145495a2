import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { Database } from '../database/database.js';
import { sql } from '../database/sql.js';
import { isApi, isUnsafe } from './request-kind.js';
import { PgSessionStore } from './session-store.js';

const SESSION_SECONDS = 8 * 3600;
const WITHOUT_SESSION = /^\/(static\/|health|metrics|favicon)/;

/** The key that signs session cookies: made once, kept in the database, the same for every web process. */
async function sessionSecret(database: Database): Promise<string> {
  const fresh = JSON.stringify(randomBytes(48).toString('base64url'));
  await database.run(sql`insert into platform.fact (key, value) values ('session_secret', ${fresh}::jsonb) on conflict (key) do nothing`);
  return (await database.one<{ value: string }>(sql`select value from platform.fact where key = 'session_secret'`)).value;
}

/**
 * For the answer to a fault of ours: what the session says can still be read, but nothing of it is written, which could fail as well. What the browser
 * holds stays good.
 */
export const leaveSession = (request: FastifyRequest): void => void Object.assign(request, { session: { ...request.session } });

/** Cookie `sid`, eight hours. Registered before every hook that reads request.session. */
export async function registerSessions(app: NestFastifyApplication, fastify: FastifyInstance, database: Database): Promise<void> {
  // Hooks of the root reach every route, so a stylesheet would cost a query for its session. An unsafe API call
  // must prove itself by its token, never by a cookie the browser sends along.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (WITHOUT_SESSION.test(request.url) || (isApi(request) && isUnsafe(request.method))) delete request.raw.headers.cookie;
    done();
  });
  await app.register(cookie);
  await app.register(session, {
    secret: await sessionSecret(database),
    cookieName: 'sid',
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/', maxAge: SESSION_SECONDS * 1000 },
    store: new PgSessionStore(database, SESSION_SECONDS),
  });
}
