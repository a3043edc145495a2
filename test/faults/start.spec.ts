import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { DataFolder, Product } from '../support/product.js';
import { createTestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

describe('Starting and stopping StarCare (SYS-4)', () => {
  const data = new DataFolder();
  const running: Product[] = [];

  const start = (env: Record<string, string> = {}): Product => {
    const product = Product.start(data.path, env);
    running.push(product);
    return product;
  };
  const answer = async (address: string): Promise<number> => (await fetch(`${address}/health/ready`)).status;

  const database = (): pg.Client => {
    const port = readFileSync(join(data.path, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[3] ?? '';
    const password = readFileSync(join(data.path, 'postgres/data/starcare.password'), 'utf8').trim();
    return new pg.Client({ host: '127.0.0.1', port: Number(port), user: 'postgres', password, database: 'starcare' });
  };
  /** One statement in the database of a running product. */
  const ask = async (text: string): Promise<Record<string, unknown>[]> => {
    const client = database();
    await client.connect();
    return client
      .query<Record<string, unknown>>(text)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  };

  afterEach(async () => {
    for (const product of running.splice(0)) await product.kill('SIGTERM');
  });

  afterAll(() => data.clear());

  it('refuses a wrong setting with its name, before anything is started', async () => {
    const product = start({ PORT: 'eighty' });
    expect(await product.end()).toBe(1);
    expect(await product.complaints()).toMatch(/^PORT must be a whole number/);
    expect(data.postmaster()).toBeUndefined();
  });

  it('refuses a port that another program holds, with the way out, before anything is started', async () => {
    const squatter: Server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const product = start({ PORT: String(port) });
    expect(await product.end()).toBe(1);
    expect(await product.complaints()).toContain(`Port ${port} is taken`);
    expect(data.postmaster()).toBeUndefined();
    squatter.close();
  });

  it('shows the password of the first administrator once, keeps it dear to guess, and ends on SIGTERM with exit code 0 and its database', async () => {
    const first = start();
    expect(await answer(await first.ready())).toBe(200);
    expect(await first.says('log in as admin with the password')).toMatch(/password \S{10,} \(shown only now\)/);
    const [admin] = await ask('select password_hash as hash from staff.app_user');
    expect(admin?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await first.kill('SIGTERM')).toBe(0);
    expect(data.postmaster()).toBeUndefined();
    const second = start();
    await second.ready();
    await second.kill('SIGTERM');
    await expect(second.says('log in as admin')).rejects.toThrow('ended without saying');
  });

  describe('on a server', () => {
    const said = async (product: Product): Promise<string[]> => (await product.lines()).map((line) => (JSON.parse(line) as { msg: string }).msg);

    it('says everything as JSON lines, and takes a first administrator with a good password of the environment alone', async () => {
      const own = await createTestDatabase();
      const onServer = (env: Record<string, string>): Product => start({ DATABASE_URL: own.url, NODE_ENV: 'production', ...env });
      try {
        for (const refused of ['', 'short', '12345678']) {
          const product = onServer({ ADMIN_PASSWORD: refused });
          expect(await product.end()).toBe(1);
          expect(await said(product)).toEqual([expect.stringMatching(/^ADMIN_PASSWORD must be set for the first start/)]);
        }
        const product = onServer({ ADMIN_PASSWORD: 'starcare-first' });
        expect(await answer(await product.ready())).toBe(200);
        await product.kill('SIGTERM');
        expect(await said(product)).toEqual([expect.stringContaining('is ready: http://')]);
      } finally {
        await own.drop();
      }
    });

    it('says so what keeps it from starting', async () => {
      const product = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/starcare' });
      expect(await product.end()).toBe(1);
      expect(await said(product)).toEqual([expect.stringContaining('Nothing answers where DATABASE_URL points')]);
    });
  });

  it('ends before npm does, when the whole group of `npm start` is told to', async () => {
    const env = { ...process.env, DATA_DIR: data.path, PORT: '0', DEMO: '0' };
    const npm = spawn('npm', ['start'], { detached: true, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(npm, 'exit');
    for await (const line of createInterface({ input: npm.stdout })) if (line.includes('is ready: ')) break;
    process.kill(-(npm.pid ?? 0), 'SIGTERM');
    await gone;
    expect(data.postmaster()).toBeUndefined();
  });

  it('ends in order when it is told to stop in the middle of its start', async () => {
    const product = start();
    await until('the database is up', () => data.postmaster() !== undefined, 60_000);
    expect(await product.kill('SIGTERM')).toBe(0);
    expect(data.postmaster()).toBeUndefined();
  });

  it('refuses a second start on the same data; starts again after a kill -9, on the database that lived on; serves again when that was killed', async () => {
    const first = start();
    const address = await first.ready();
    const beside = start();
    expect(await beside.end()).toBe(1);
    expect(await beside.complaints()).toContain(`StarCare already runs on ${data.path} (process ${first.pid})`);
    expect(await answer(address)).toBe(200);

    expect(await first.kill('SIGKILL')).toBe('SIGKILL');
    const alive = data.postmaster();
    const second = start();
    const again = await second.ready();
    expect(await answer(again)).toBe(200);
    expect(data.postmaster()).toBe(alive);

    process.kill(alive ?? 0, 'SIGKILL');
    await second.says('The database is back');
    expect(await answer(again)).toBe(200);
  });

  describe('npm run demo:reset', () => {
    const reset = (env: Record<string, string> = {}): Product => {
      const product = Product.resetDemo(data.path, env);
      running.push(product);
      return product;
    };
    const units = 'select code from staff.org_unit where parent_id is not null';

    it('refuses a database of one’s own, before anything is started', async () => {
      const asked = reset({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/starcare' });
      expect(await asked.end()).toBe(1);
      expect(await asked.complaints()).toContain('DATABASE_URL is set');
    });

    it('refuses while StarCare runs, and a system that is not the demo: nothing is deleted', async () => {
      const product = start();
      const address = await product.ready();
      const early = reset();
      expect(await early.end()).toBe(1);
      expect(await early.complaints()).toContain(`StarCare already runs on ${data.path} (process ${product.pid})`);
      expect(await answer(address)).toBe(200);
      await ask(
        `insert into staff.org_unit (code, name, kind, parent_id, path) select 'own', '自己的', 'city', id, path || '99/' from staff.org_unit`,
      );
      await product.kill('SIGTERM');
      const asked = reset();
      expect(await asked.end()).toBe(1);
      expect(await asked.complaints()).toContain(`The database in ${data.path} is not the demo: nothing was deleted`);
    });

    it('makes the demo anew: what was done in it is gone, uploads too', async () => {
      const used = start();
      await used.ready();
      expect(await ask(units)).toEqual([{ code: 'own' }]);
      await ask(`insert into platform.fact (key, value) values ('demo.loaded', '{}')`);
      await used.kill('SIGTERM');
      mkdirSync(join(data.path, 'uploads'), { recursive: true });
      writeFileSync(join(data.path, 'uploads', 'left.csv'), 'phone\n');
      const asked = reset();
      expect(await asked.says('Demo logins: ')).toContain('m01 (manager)');
      expect(await asked.end()).toBe(0);
      expect(data.postmaster()).toBeUndefined();
      expect(existsSync(join(data.path, 'uploads', 'left.csv'))).toBe(false);
      await start({ DEMO: '1' }).ready();
      expect(await ask('select count(*)::int as n from customers.customer')).toEqual([{ n: 5000 }]);
      expect((await ask(units)).map(({ code }) => code)).not.toContain('own');
    });
  });
});
