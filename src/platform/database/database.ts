import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { told } from './away.js';
import { ask, readingNow } from './reading.js';
import { prepared, PreparedSql, type Sql, sql } from './sql.js';

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text); // a day stays 'YYYY-MM-DD', no zone can move it

export type Row = Record<string, unknown>;

const STREAM_BATCH = 1_000;

/** What reads and writes: the pool (one statement, own transaction) or an open transaction. */
export interface Queryable {
  rows<T extends object = Row>(statement: Sql): Promise<T[]>;
  /** The first row; throws when there is none. */
  one<T extends object = Row>(statement: Sql): Promise<T>;
  maybe<T extends object = Row>(statement: Sql): Promise<T | undefined>;
  /** Number of rows touched. */
  run(statement: Sql): Promise<number>;
}

/** The name of each prepared text: the same on every connection. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `hot-${names.size + 1}`;
  names.set(text, name);
  return name;
}

export abstract class Runner implements Queryable {
  protected abstract query(statement: pg.QueryConfig): Promise<pg.QueryResult>;

  private ask(statement: Sql): Promise<pg.QueryResult> {
    const { text, values } = statement.compile();
    return this.query(statement instanceof PreparedSql ? { name: nameOf(text), text, values } : { text, values });
  }

  async rows<T extends object = Row>(statement: Sql): Promise<T[]> {
    return (await this.ask(statement)).rows as T[];
  }

  async one<T extends object = Row>(statement: Sql): Promise<T> {
    const row = await this.maybe<T>(statement);
    if (!row) throw new Error(`expected a row: ${statement.compile().text.slice(0, 120)}`);
    return row;
  }

  async maybe<T extends object = Row>(statement: Sql): Promise<T | undefined> {
    return (await this.rows<T>(statement))[0];
  }

  async run(statement: Sql): Promise<number> {
    return (await this.ask(statement)).rowCount ?? 0;
  }
}

/** An open transaction. It is the first argument of every function that must join one. */
export class Tx extends Runner {
  constructor(
    /** pg's own client, for COPY and cursors. */
    readonly client: pg.PoolClient,
    /** TypeORM on the same connection, for entities. */
    readonly manager: EntityManager,
  ) {
    super();
  }

  protected query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    return ask(this.client, statement).catch(told);
  }
}

export interface Borrowed {
  client: pg.PoolClient;
  /** @param spent nobody else may have it */
  giveBack: (spent?: boolean) => void;
}

/** A connection that breaks while it is lent out fails what is asked on it, and is not given to the next. */
async function borrow(pool: pg.Pool): Promise<Borrowed> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const breaks = (error: Error): void => void (broken = error);
  client.on('error', breaks);
  const giveBack = (spent = false): void => {
    client.off('error', breaks);
    client.release(broken ?? spent);
  };
  return { client, giveBack };
}

/** One statement on a pool; {@link ask} for who reads. */
export async function askOf(pool: pg.Pool, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  if (!readingNow()) return pool.query(statement);
  const { client, giveBack } = await borrow(pool);
  try {
    return await ask(client, statement);
  } finally {
    giveBack();
  }
}

/** {@link Database.stream} on a pool. */
export async function* streamOf<T extends object = Row>(pool: pg.Pool, select: Sql, batch = STREAM_BATCH): AsyncGenerator<T> {
  const { text, values } = select.compile();
  const { client, giveBack } = await borrow(pool).catch(told);
  let whole = false;
  try {
    await client.query('begin read only');
    await client.query(`declare taken no scroll cursor for ${text}`, values);
    for (;;) {
      const { rows } = await client.query(`fetch ${batch} from taken`);
      yield* rows as T[];
      if (rows.length < batch) break;
    }
    await client.query('commit');
    whole = true;
  } finally {
    if (!whole) await client.query('rollback').catch(() => undefined);
    giveBack();
  }
}

@Injectable()
export class Database extends Runner {
  constructor(private readonly source: DataSource) {
    super();
  }

  get pool(): pg.Pool {
    return (this.source.driver as PostgresDriver).master as pg.Pool;
  }

  /** TypeORM outside a transaction, for single-entity reads. */
  get manager(): EntityManager {
    return this.source.manager;
  }

  /** A connection for COPY or a transaction of one's own; to be given back. */
  borrow(): Promise<Borrowed> {
    return borrow(this.pool).catch(told);
  }

  query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    return askOf(this.pool, statement).catch(told);
  }

  /** How many rows a select has; prepared, when the select is. */
  async count(select: Sql): Promise<number> {
    const counted = sql`select count(*) as n from (${select}) counted`;
    return Number((await this.one<{ n: string }>(select instanceof PreparedSql ? prepared(counted) : counted)).n);
  }

  /** The rows of a select as of one moment, read batch by batch: memory stays flat. Keeps a connection until the last row is taken or the loop is left. */
  stream<T extends object = Row>(select: Sql, batch?: number): AsyncGenerator<T> {
    return streamOf<T>(this.pool, select, batch);
  }

  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  async tx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      const client = (await runner.connect().catch(told)) as pg.PoolClient;
      await runner.startTransaction().catch(told);
      const result = await work(new Tx(client, runner.manager));
      await runner.commitTransaction().catch(told);
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error instanceof QueryFailedError ? told(error) : error;
    } finally {
      await runner.release();
    }
  }
}
