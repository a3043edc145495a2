import pg from 'pg';

const at = (serverUrl: string, database: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.toString();
};

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: at(serverUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** @returns the address of the new database; without a template it is empty. */
export async function createDatabase(serverUrl: string, name: string, template = 'template0'): Promise<string> {
  await onServer(serverUrl, `create database "${name}" template "${template}" strategy file_copy`);
  return at(serverUrl, name);
}

export const renameDatabase = (serverUrl: string, from: string, to: string): Promise<void> =>
  onServer(serverUrl, `alter database "${from}" rename to "${to}"`);

/** Runs `make` unless the database `name` is there; whoever comes meanwhile waits for it. */
export async function onlyOne(serverUrl: string, name: string, make: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: at(serverUrl, 'postgres') });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await make();
  } finally {
    await client.end();
  }
}

/** Ends whoever is still connected. */
export function dropDatabase(serverUrl: string, name: string): Promise<void> {
  return onServer(serverUrl, `drop database if exists "${name}" with (force)`);
}
