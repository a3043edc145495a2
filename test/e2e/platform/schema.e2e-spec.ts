import { join } from 'node:path';
import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { entitiesBelow, schemaDrift } from '../../../src/platform/database/schema-drift.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

@Entity({ schema: 'platform', name: 'outbox' })
class DriftedRow {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;

  @Column({ type: 'integer' })
  job!: number;

  @Column({ type: 'jsonb', nullable: true })
  payload!: object | null;

  @Column({ type: 'text' })
  colour!: string;
}

@Entity({ schema: 'platform', name: 'nowhere' })
class Homeless {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;
}

describe('The schema check', () => {
  let database: TestDatabase;

  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(() => database.drop());

  it('names a column of another type, of another nullability, that is missing, that nobody fills, and a table that is not there', async () => {
    const drift = await schemaDrift(database.url, [DriftedRow, Homeless]);
    expect(drift).toEqual(
      expect.arrayContaining([
        'platform.outbox.job: the entity says integer, the table says text',
        'platform.outbox.payload: the entity says nullable, the table says the opposite',
        'platform.outbox.colour: the entity has it, the table has not',
        'platform.outbox.run_at: the table wants a value, the entity does not know the column',
        'platform.nowhere: the entity Homeless has no table',
      ]),
    );
  });

  it('finds no difference between the entities of the product and its migrations', async () => {
    expect(await schemaDrift(database.url, await entitiesBelow(join(process.cwd(), 'src')))).toEqual([]);
  });
});

describe('SYS-4 the months of two processes that start at once', () => {
  it('are made once: who waited for the other sees what it made', async () => {
    const database = await createTestDatabase();
    const [first, second] = [1, 2].map(() => new pg.Client({ connectionString: database.url })) as [pg.Client, pg.Client];
    await Promise.all([first.connect(), second.connect()]);
    const make = async (client: pg.Client): Promise<number | undefined> =>
      (await client.query<{ made: number }>("select platform.ensure_partitions('calls.attempt', '2031-01-05', '2031-01-05') as made")).rows[0]?.made;
    await first.query('begin');
    expect(await make(first)).toBe(1);
    const waiting = make(second);
    await until('the second one waits', async () => {
      const { rows } = await first.query<{ n: number }>("select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted");
      return rows[0]?.n === 1;
    });
    await first.query('commit');
    expect(await waiting).toBe(0);
    await Promise.all([first.end(), second.end()]);
    await database.drop();
  });

  it('are not waited for behind a back-up: who reads and writes meanwhile would wait too', async () => {
    const database = await createTestDatabase();
    const [backup, maker] = [1, 2].map(() => new pg.Client({ connectionString: database.url })) as [pg.Client, pg.Client];
    await Promise.all([backup.connect(), maker.connect()]);
    await backup.query('begin');
    await backup.query('lock table calls.attempt in access share mode');
    const make = (): Promise<unknown> => maker.query("select platform.ensure_partitions('calls.attempt', '2031-01-05', '2031-01-05')");
    await expect(make()).rejects.toMatchObject({ code: '55P03' });
    await backup.query('commit');
    await make();
    expect((await maker.query<{ lock_timeout: string }>('show lock_timeout')).rows).toEqual([{ lock_timeout: '0' }]); // others wait as long as before
    await Promise.all([backup.end(), maker.end()]);
    await database.drop();
  });
});
