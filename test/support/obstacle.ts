import pg from 'pg';
import type { TestApp } from './test-app.js';
import { until } from './until.js';

type Asked = ReturnType<TestApp['http']['get']>;

/** What statements wait for: a lock that somebody else holds. */
export class Obstacle {
  private constructor(private readonly client: pg.Client) {}

  static async on(test: TestApp, table: string, mode: 'access exclusive' | 'share'): Promise<Obstacle> {
    const client = new pg.Client(test.databaseUrl);
    await client.connect();
    await client.query(`begin; lock table ${table} in ${mode} mode`);
    return new Obstacle(client);
  }

  /** Statements of the product that wait. */
  async waiting(): Promise<number> {
    const { rows } = await this.client.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]?.n ?? 0;
  }

  /** Somebody asks, and goes away once a statement waits. */
  async leave(asked: Asked): Promise<void> {
    const answer = asked.then(
      () => 'answered',
      () => 'left',
    );
    await until('it waits', async () => (await this.waiting()) > 0);
    asked.abort();
    if ((await answer) !== 'left') throw new Error('the answer came first');
  }

  away(): Promise<void> {
    return this.client.end();
  }
}
