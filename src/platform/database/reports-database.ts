import { type OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import { DomainError } from '../../kernel/errors.js';
import { askOf, Database, Runner, type Row, streamOf } from './database.js';
import type { Replica } from './replica.js';
import type { Sql } from './sql.js';

/** No answer at all, or one that says good-bye (class 57P); anything else is about the one statement. */
const isDown = (error: unknown): boolean => !(error instanceof pg.DatabaseError) || (error.code ?? '').startsWith('57P');

/** Where reports are read: the replica where one is set and keeps up, else the primary. Only for figures that may be some seconds old. */
export class ReportsDatabase extends Runner implements OnModuleDestroy {
  constructor(
    private readonly primary: Database,
    private readonly replica?: Replica,
  ) {
    super();
  }

  async onModuleDestroy(): Promise<void> {
    await this.replica?.pool.end();
  }

  /** What fails at the replica, also because it was cancelled there to let the copying go on, is asked once more at the primary. */
  protected async query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    if (this.replica && (await this.replica.keepsUp())) {
      try {
        return await askOf(this.replica.pool, statement);
      } catch (error) {
        if (error instanceof DomainError) throw error;
        if (isDown(error)) this.replica.failed();
      }
    }
    return this.primary.query(statement);
  }

  /** As {@link Database.stream}; begun at the replica it ends there, or fails. */
  async *stream<T extends object = Row>(select: Sql, batch?: number): AsyncGenerator<T> {
    const pool = this.replica && (await this.replica.keepsUp()) ? this.replica.pool : this.primary.pool;
    yield* streamOf<T>(pool, select, batch);
  }
}
