import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Nature, Network } from '../support/network.js';
import { DataFolder, Product } from '../support/product.js';
import { programOnPath } from '../support/programs.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { MISCOUNTED } from '../support/miscounted.js';
import { until } from '../support/until.js';

const PASSWORD = 'starcare-fault';
/** Blasts that run at once, each at a pace of its own: one death of the process meets each of them elsewhere. */
const RATES = [60, 120, 250, 400, 900, 3000];
const ABREAST = RATES.length;
const DEATHS = 4;
const PEOPLE = 60;
const SEGMENTS = ABREAST * DEATHS + 4;

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Blast {
  state: string;
  audience: number;
  counts: Record<string, number>;
}

/** Segments of sixty customers each, put in by SQL. */
const CROWDS = `
  with made as (
    insert into customers.customer (customer_no, name, gender, star_level, org_unit_id, created_at, updated_at)
    select 'c' || n, '客户' || n, 'male', 3, (select id from staff.org_unit where parent_id is null), '2026-01-01', '2026-01-01'
    from generate_series(0, ${SEGMENTS * PEOPLE - 1}) n returning id, substring(customer_no from 2)::int as n),
  lines as (
    insert into customers.line (customer_id, number, created_at, updated_at)
    select id, '+86139' || lpad(n::text, 8, '0'), '2026-01-01', '2026-01-01' from made returning id, customer_id),
  segments as (
    insert into segments.segment (code, name, members, org_unit_id, created_at, updated_at)
    select 's' || n, 's' || n, ${PEOPLE}, o.id, '2026-01-01', '2026-01-01' from generate_series(0, ${SEGMENTS - 1}) n, staff.org_unit o where o.parent_id is null
    returning id, substring(code from 2)::int as n)
  insert into segments.member (segment_id, line_id, customer_id, added_at)
  select segments.id, lines.id, lines.customer_id, '2026-01-01'
  from made join lines on lines.customer_id = made.id join segments on segments.n = made.n / ${PEOPLE}`;

const sumOf = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

describe('A blast and its faults, over SMPP (SMS-3, SMS-4, R1, R7)', () => {
  const folder = new DataFolder();
  /** One a gateway. */
  let networks: Network[];
  let product: Product;
  let outside: pg.Client | undefined;
  let address = '';
  let token = '';
  let hour = 10;
  let next = 0;
  let redis: RedisServer | undefined;

  /** Each start an hour later: what has to wait a minute has waited. */
  async function boot(env: Record<string, string> = {}): Promise<void> {
    const CLOCK = `2026-11-24T${hour++}:00:00+08:00`;
    product = Product.start(folder.path, { ADMIN_PASSWORD: PASSWORD, CLOCK, ...env });
    token = '';
    address = await product.ready();
    token = ((await api('/session', { username: 'admin', password: PASSWORD })) as { token: string }).token;
    await lookInside();
  }

  /** A connection of its own to the database. */
  async function lookInside(): Promise<void> {
    await outside?.end().catch(() => undefined);
    const port = readFileSync(join(folder.path, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[3] ?? '';
    const password = readFileSync(join(folder.path, 'postgres/data/starcare.password'), 'utf8').trim();
    outside = new pg.Client({ host: '127.0.0.1', port: Number(port), user: 'postgres', password, database: 'starcare' });
    outside.on('error', () => undefined);
    await outside.connect();
  }

  async function api(path: string, body?: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${address}/api/v1${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
  const look = async (code: string): Promise<Blast> => (await api(`/sms/blasts/${code}`)) as Blast;

  /** A blast of sixty to a segment of its own. @returns its code */
  async function begin(gateway: string, number = next++): Promise<string> {
    await api('/sms/blasts', { code: `b${number}`, template: 'roaming-return', segment: `s${number}`, gateway });
    await api(`/sms/blasts/b${number}/start`, {});
    return `b${number}`;
  }

  /** The same, where the product may die over it: whoever asked looks afterwards what became of it, and asks again for what is missing. */
  async function beginInSpiteOfDeath(gateway: string): Promise<() => Promise<string>> {
    const number = next++;
    const code = `b${number}`;
    const isBegun = await begin(gateway, number).then(Boolean, () => false);
    return async () => {
      if (isBegun) return code;
      const known = await look(code).catch(() => undefined);
      if (!known) await api('/sms/blasts', { code, template: 'roaming-return', segment: `s${number}`, gateway });
      if (!known || known.state === 'draft') await api(`/sms/blasts/${code}/start`, {});
      return code;
    };
  }

  const submits = (): number => networks.reduce((sum, network) => sum + network.submits, 0);
  const allHeard = (): boolean => networks.every((network) => network.open === 0);
  function natureIs(nature: Nature): void {
    for (const network of networks) network.nature = nature;
  }
  /** Something happens when they have been given so many messages more. */
  function after(count: number, happens: () => void): void {
    const at = submits() + count;
    const look = (): void => {
      if (submits() === at) happens();
    };
    for (const network of networks) network.onSubmit = look;
  }
  const isThrough = ({ counts }: Blast): boolean => counts.queued === 0 && counts.submitted === 0;

  /** Nobody twice at the network, everybody in one state, and the counts are what counting gives. */
  async function expectBalance(codes: readonly string[]): Promise<void> {
    expect([...Network.texted(networks)].filter(([, times]) => times > 1)).toEqual([]);
    for (const code of codes) {
      const blast = await look(code);
      expect({ code, audience: blast.audience, sum: sumOf(blast.counts) }).toEqual({ code, audience: PEOPLE, sum: PEOPLE });
    }
    expect((await outside?.query(MISCOUNTED))?.rows).toEqual([]);
  }

  beforeAll(async () => {
    networks = await Promise.all(RATES.map(() => Network.start()));
    if (programOnPath('redis-server')) redis = await startRedis();
    await boot();
    await outside?.query(CROWDS);
    for (const [i, rate] of RATES.entries()) {
      const account = { kind: 'smpp', host: '127.0.0.1', port: networks[i]?.port, systemId: `r${rate}`, password: 'secret' };
      await api('/sms/gateways', { ...account, code: `r${rate}`, ratePerSecond: rate, window: 20 });
    }
  });

  afterAll(async () => {
    await product.kill('SIGTERM');
    await outside?.end().catch(() => undefined);
    await redis?.stop();
    await Promise.all(networks.map((network) => network.stop()));
    folder.clear();
  });

  it(`survives ${ABREAST * DEATHS} seeded deaths by kill -9: nobody is texted twice, every receipt is applied, and what is in doubt waits for a person`, async () => {
    const codes: string[] = [];
    for (let death = 0; death < DEATHS; death += 1) {
      const random = randomOf(1000 + death);
      natureIs({ receiptMs: [5, 40, 300][death % 3] ?? 5, early: random() * 0.3, doubled: random() * 0.3, slowMs: 0 });
      const dead = new Promise<void>((resolve) =>
        after(1 + Math.floor(random() * ABREAST * PEOPLE * 0.9), () => {
          process.kill(product.pid, 'SIGKILL');
          resolve();
        }),
      );
      const begun = await Promise.all(RATES.map((rate) => beginInSpiteOfDeath(`r${rate}`)));
      await dead;
      await product.end();
      await boot();
      codes.push(...(await Promise.all(begun.map((finish) => finish()))));
      await until('all that can go on has gone on', async () => (await Promise.all(codes.map(look))).every(isThrough) && allHeard(), 120_000);
      await expectBalance(codes);
    }
  });

  it('goes on when PostgreSQL is killed under it', async () => {
    natureIs({ receiptMs: 30, early: 0.2, doubled: 0.2, slowMs: 0 });
    const killed = new Promise<void>((resolve) =>
      after(25, () => {
        process.kill(folder.postmaster() ?? 0, 'SIGKILL');
        resolve();
      }),
    );
    const code = await begin('r120');
    await killed;
    await product.says('The database is back');
    await lookInside();
    await until('it has gone on', async () => isThrough(await look(code).catch(() => ({ counts: {} }) as Blast)) && allHeard(), 120_000);
    await expectBalance([code]);
    const { counts } = await look(code);
    expect((counts.delivered ?? 0) + (counts.inDoubt ?? 0)).toBe(PEOPLE);
  });

  it('goes on when the centre is slow and cuts its lines', async () => {
    natureIs({ receiptMs: 30, early: 0, doubled: 0, slowMs: 15 });
    const drop = (): void => {
      for (const network of networks) network.drop();
    };
    after(10, () => {
      setImmediate(drop);
      after(25, () => setImmediate(drop));
    });
    const code = await begin('r400');
    await until('it has gone on', async () => isThrough(await look(code)) && allHeard(), 120_000);
    await expectBalance([code]);
    const { counts } = await look(code);
    expect((counts.delivered ?? 0) + (counts.inDoubt ?? 0)).toBe(PEOPLE);
  });

  it('R42 an hour later the receipts under ids nobody knows have found their messages, and what never left is listed for a person', async () => {
    await product.kill('SIGKILL');
    await boot(redis ? { REDIS_URL: redis.url } : {});
    const codes = Array.from({ length: next }, (_, i) => `b${i}`);
    const texted = Network.texted(networks);
    const counted = async (key: string): Promise<number> =>
      (await Promise.all(codes.map(look))).reduce((sum, { counts }) => sum + (counts[key] ?? 0), 0);
    await until('every receipt is applied', async () => (await counted('delivered')) === texted.size);
    await expectBalance(codes);
    const doubtful = await Promise.all(codes.map((code) => api(`/sms/blasts/${code}/messages?state=inDoubt&limit=500`)));
    const listed = doubtful.flatMap((list) => (list as { items: { phone: string }[] }).items.map(({ phone }) => phone.slice(1)));
    expect(listed.filter((number) => texted.has(number))).toEqual([]);
    expect(listed.length + texted.size).toBe(codes.length * PEOPLE);
    expect(submits()).toBe(texted.size);
  });

  (programOnPath('redis-server') ? it : it.skip)('goes on when Redis, which carries its wake-ups, forgets everything', async () => {
    natureIs({ receiptMs: 30, early: 0, doubled: 0, slowMs: 0 });
    const before = submits();
    let flushed = Promise.resolve();
    after(20, () => {
      flushed = redis?.flush() ?? flushed;
    });
    const code = await begin('r60');
    await until('it is done', async () => (await look(code)).state === 'done', 120_000);
    await flushed;
    await expectBalance([code]);
    expect(submits() - before).toBe(PEOPLE);
  });

  it('R8, R9 what nobody ever spoke of is over after three days, and every blast finishes by itself with its sums right', async () => {
    await product.kill('SIGTERM');
    await boot({ CLOCK: '2026-11-28T10:00:00+08:00' });
    const codes = Array.from({ length: next }, (_, i) => `b${i}`);
    await until('all are done', async () => (await Promise.all(codes.map(look))).every(({ state }) => state === 'done'), 120_000);
    await expectBalance(codes);
    const sums = await Promise.all(codes.map(look));
    const total = (key: string): number => sums.reduce((sum, { counts }) => sum + (counts[key] ?? 0), 0);
    expect(total('delivered') + total('expired')).toBe(next * PEOPLE);
    expect(total('delivered')).toBe(Network.texted(networks).size);
  });
});
