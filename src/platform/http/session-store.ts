import type { FastifySessionObject, SessionStore } from '@fastify/session';
import type { Session } from 'fastify';
import type { Database } from '../database/database.js';
import { whoeverWaits } from '../database/reading.js';
import { prepared, sql } from '../database/sql.js';

/** Sessions end by the machine's time, as cookies do, not by the Clock. */
export const IS_OPEN = sql`expire > now()`;

/** For the nightly round. */
export const DELETE_EXPIRED_SESSIONS = sql`delete from staff.session where expire < now()`;

type Done = (error?: unknown) => void;

/** Sessions live in PostgreSQL: they survive a restart, are shared by all web processes, and can be ended by deleting a row. */
export class PgSessionStore implements SessionStore {
  constructor(
    private readonly database: Database,
    private readonly ttlSeconds: number,
  ) {}

  get(sid: string, done: (error: unknown, session?: Session | null) => void): void {
    this.database.rows<{ sess: Session }>(prepared(sql`select sess from staff.session where sid = ${sid} and ${IS_OPEN}`)).then(
      (rows) => done(null, rows[0]?.sess ?? null),
      (error: unknown) => done(error),
    );
  }

  set(sid: string, session: FastifySessionObject, done: Done): void {
    const statement = sql`insert into staff.session (sid, sess, expire)
      values (${sid}, ${JSON.stringify(session)}, now() + ${this.ttlSeconds} * interval '1 second')
      on conflict (sid) do update set sess = excluded.sess, expire = excluded.expire`;
    whoeverWaits(() => this.database.run(statement)).then(() => done(), done);
  }

  destroy(sid: string, done: Done): void {
    whoeverWaits(() => this.database.run(sql`delete from staff.session where sid = ${sid}`)).then(() => done(), done);
  }
}
