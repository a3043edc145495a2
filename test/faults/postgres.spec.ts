import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type LineEvent, LineProcess } from '../support/line-process.js';

interface Said extends LineEvent {
  port?: number;
  owned?: boolean;
  ownerPid?: number;
  url?: string;
}

const DEAD_PID = 4_194_303; // above what this kernel hands out by default

describe('The embedded PostgreSQL', () => {
  let dataDir: string;
  const running: LineProcess<Said>[] = [];

  const start = (folder = dataDir, port = 0): LineProcess<Said> => {
    const child = new LineProcess<Said>('test/support/hold-postgres.ts', [folder, String(port)]);
    running.push(child);
    return child;
  };
  const cluster = (): string => join(dataDir, 'postgres', 'data');
  const postmaster = (): number => Number(readFileSync(join(cluster(), 'postmaster.pid'), 'utf8').split('\n')[0]);

  async function answers(url = ''): Promise<boolean> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), `starcare-test-${process.pid}-`));
    chmodSync(dataDir, 0o755);
  });

  afterEach(async () => {
    for (const child of running.splice(0)) await child.finish();
  });

  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('is made once by two first starts at the same moment, and one of them owns it', async () => {
    const ups = await Promise.all([start(), start()].map((child) => child.says('up')));
    expect(ups.map((up) => up.owned).sort()).toEqual([false, true]);
    expect(new Set(ups.map((up) => up.port)).size).toBe(1);
  });

  it('is stopped by its owner, and starts again', async () => {
    const up = await start().says('up');
    await running[0]?.finish();
    expect(await answers(up.url)).toBe(false);
    expect(existsSync(join(cluster(), 'postmaster.pid'))).toBe(false);
    expect(await answers((await start().says('up')).url)).toBe(true);
  });

  it('tells a second start who owns it, and is left alone when that one ends', async () => {
    const first = start();
    const up = await first.says('up');
    const second = start();
    expect(await second.says('up')).toMatchObject({ owned: false, ownerPid: first.pid, port: up.port });
    await second.finish();
    expect(await answers(up.url)).toBe(true);
  });

  it('outlives a kill -9 of its owner, and the next start adopts and owns it', async () => {
    const first = start();
    const up = await first.says('up');
    await first.kill();
    expect(await start().says('up')).toMatchObject({ owned: true, port: up.port });
  });

  it('comes back on the same port when it is killed with -9 under its owner', async () => {
    const first = start();
    const up = await first.says('up');
    process.kill(postmaster(), 'SIGKILL');
    await first.says('told', 'The database is back');
    expect(await answers(up.url)).toBe(true);
  });

  it('is tried until it comes back, however long that takes, and said so once', async () => {
    const first = start();
    const up = await first.says('up');
    const settings = join(cluster(), 'postgresql.conf');
    renameSync(settings, `${settings}.away`);
    process.kill(postmaster(), 'SIGKILL');
    await first.says('told', 'has not come back yet');
    renameSync(`${settings}.away`, settings);
    await first.says('told', 'The database is back');
    expect(await answers(up.url)).toBe(true);
  });

  it('is stopped with its owner also while it is coming back', async () => {
    const first = start();
    const up = await first.says('up');
    process.kill(postmaster(), 'SIGKILL');
    await first.says('told', 'went away');
    await first.finish();
    expect(await answers(up.url)).toBe(false);
  });

  it('starts over the stale pid file of a server and an owner that were both killed with -9', async () => {
    const first = start();
    await first.says('up');
    const pid = postmaster();
    await first.kill();
    process.kill(pid, 'SIGKILL');
    expect(await start().says('up')).toMatchObject({ owned: true });
  });

  it('takes another port when the wanted one is taken, and says so', async () => {
    const squatter: Server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const child = start(dataDir, port);
    expect((await child.says('up')).port).not.toBe(port);
    expect((await child.says('told', `Port ${port} is taken`)).line).toMatch(/the database listens on \d+/);
    squatter.close();
  });

  it('clears what a start left that was killed while it made the cluster', async () => {
    const draft = join(dataDir, 'postgres', `draft-${DEAD_PID}`);
    mkdirSync(draft);
    await start().says('up');
    expect(existsSync(draft)).toBe(false);
  });

  it('refuses a cluster of another PostgreSQL version with a clear sentence', async () => {
    const file = join(cluster(), 'PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '12\n');
    expect((await start().says('refused')).line).toMatch(/was made by PostgreSQL 12, this StarCare brings 18/);
    writeFileSync(file, version);
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('goes to a stable folder elsewhere when only root may enter the data folder, and says so each time', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'starcare-closed-')); // mkdtemp makes it 0700
    const told = async (): Promise<string> => {
      const child = start(join(closed, '.data'));
      await child.says('up');
      return (await child.says('told', 'may not enter')).line ?? '';
    };
    const first = await told();
    await running.splice(0)[0]?.finish();
    expect(await told()).toBe(first);
    await running.splice(0)[0]?.finish();
    const home = /the database lies in (\/var\/lib\/starcare-\w+)/.exec(first)?.[1] ?? '';
    expect(existsSync(join(home, 'data', 'PG_VERSION'))).toBe(true);
    rmSync(home, { recursive: true });
    rmSync(closed, { recursive: true });
  });
});
