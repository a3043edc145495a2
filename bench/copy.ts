import pg from 'pg';

/** The fresh database once more beside itself, before anybody connects to it. */
export async function copyOf(databaseUrl: string, name: string): Promise<string> {
  const url = new URL(databaseUrl);
  const template = url.pathname.slice(1);
  const client = new pg.Client({
    connectionString: Object.assign(new URL(databaseUrl), { pathname: template === 'postgres' ? '/template1' : '/postgres' }).href,
  });
  await client.connect();
  await client.query(`create database ${name} template "${template}"`);
  await client.end();
  return Object.assign(url, { pathname: `/${name}` }).href;
}
