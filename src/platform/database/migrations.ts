import pg from 'pg';
import { DataSource, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { MigrationError, type MigrationFile, readMigrations, readReporting, type ReportingFile } from './migration-files.js';

export { MigrationError } from './migration-files.js';

const LOCK = 7_203_110_002;
const REPORTING = 'reporting';

/** The journal beside TypeORM's own table: what each file said when it ran. */
const JOURNAL = 'create table if not exists public.migration_text (file text primary key, hash text not null)';

interface Plan {
  migrations: MigrationFile[];
  reporting: ReportingFile[];
  reportingHash: string;
}

const lineOf = (text: string, position: string | undefined): string =>
  position ? ` line ${text.slice(0, Number(position)).split('\n').length}` : '';

/** Runs one file; a failure names the file and the line. */
async function execute(runner: QueryRunner, file: string, text: string): Promise<void> {
  try {
    await runner.query(text);
  } catch (error) {
    const { message, position } = error as { message: string; position?: string };
    throw new MigrationError(`migrations/${file}${lineOf(text, position)}: ${message}`, { cause: error });
  }
}

/** A TypeORM migration made from a file; TypeORM wants the milliseconds at the end of its name. */
function migrationClass({ file, time, text, hash }: MigrationFile): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = `${file.replace(/^\w+?-|\.sql$/g, '')}-${time}`;

    async up(runner: QueryRunner): Promise<void> {
      await execute(runner, file, text);
      await runner.query('insert into public.migration_text (file, hash) values ($1, $2)', [file, hash]);
    }

    down(): Promise<void> {
      throw new MigrationError(`migrations/${file}: migrations only go forward`);
    }
  };
}

async function read(folder: string): Promise<Plan> {
  const migrations = await readMigrations(folder);
  const { files, hash } = await readReporting(folder);
  return { migrations, reporting: files, reportingHash: hash };
}

/** @returns the files to run, and whether the views must be made again. @throws MigrationError when a file that ran was edited. */
async function compare(client: pg.Client, plan: Plan): Promise<{ pending: MigrationFile[]; stale: boolean }> {
  await client.query(JOURNAL);
  const { rows } = await client.query<{ file: string; hash: string }>('select file, hash from public.migration_text');
  const known = new Map(rows.map((row) => [row.file, row.hash]));
  const pending = plan.migrations.filter(({ file, hash }) => {
    const ran = known.get(file);
    if (ran && ran !== hash)
      throw new MigrationError(`migrations/${file} was changed after it had run on this database: put the change into a new file`);
    return !ran;
  });
  return { pending, stale: pending.length > 0 || known.get(REPORTING) !== plan.reportingHash };
}

/** All of it in one transaction: a file that fails leaves the database as it was. */
async function apply(url: string, plan: Plan): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: plan.migrations.map(migrationClass),
    migrationsTableName: 'migration',
    poolSize: 2,
    logger: 'debug',
  });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    // the views go first: a migration may then change any column they read
    await runner.query(`drop schema if exists ${REPORTING} cascade`);
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    await runner.query(`create schema ${REPORTING}`);
    for (const { file, text } of plan.reporting) await execute(runner, `${REPORTING}/${file}`, text);
    await runner.query('insert into public.migration_text values ($1, $2) on conflict (file) do update set hash = excluded.hash', [
      REPORTING,
      plan.reportingHash,
    ]);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
    await source.destroy();
  }
}

/**
 * Brings the database to the state of `folder`: each `<time>-<module>-<name>.sql` once, then all of `reporting/*.sql` anew. Two processes
 * may ask at once; the second waits and finds nothing to do.
 * @returns the files that ran.
 * @throws MigrationError naming the file
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const plan = await read(folder);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const { pending, stale } = await compare(client, plan);
    if (stale) await apply(url, plan);
    return pending.map(({ file }) => file);
  } finally {
    await client.end();
  }
}
