import { CallDeskCommands } from '../src/calls/desk/call-desk.commands.js';
import { ContactCommands } from '../src/contact/contact.commands.js';
import { CustomersQueries } from '../src/customers/customers.queries.js';
import { InitialsCommands } from '../src/customers/search/initials.commands.js';
import { sql } from '../src/platform/database/sql.js';
import { SessionQueries } from '../src/staff/login/session.queries.js';
import type { CurrentUser } from '../src/staff/staff.types.js';
import { copyOf } from './copy.js';
import type { Benchmark, Way } from './frame.js';
import { addFacts, planRun, switchOn } from './planning.js';
import { addCalls, addCustomers, NOW, openProvince, type Province, settle } from './province.js';
import { fingerprint } from './random.js';
import { addReaders, TOKENS } from './report-calls.js';
import { PAGE, questions, SEARCHES } from './searches.js';

const SIZES = { full: [10_000, 100_000, 1_000_000], smoke: [1_000, 3_000, 10_000] };
const BATCH = 1_000;
const LOOKS = 40;
/**
 * What one person or one message costs must not know how many customers there are; a plan run costs each customer the same. The funnel reads a row a manager and
 * day, which ten thousand customers do not fill yet: it is judged by its own benchmark, where they are full.
 */
const AT_MOST = 1.5;

interface Scale {
  size: number;
  province: Province;
  url: string;
  managers: CurrentUser[];
}

interface Job {
  name: string;
  /** @returns how many were done */
  of(scale: Scale): Promise<() => Promise<number>>;
}

/** A province in the middle of its day: calls of the past, this morning's tasks, figures kept. */
async function open(databaseUrl: string, size: number): Promise<Scale> {
  const province = await openProvince(databaseUrl);
  const { app, db } = province;
  await addReaders(db);
  await addCustomers(db, size);
  await addCalls(db);
  await addFacts(db);
  await app.get(InitialsCommands, { strict: false }).fill();
  await settle(db);
  await switchOn(province);
  await planRun(province);
  await db.run(sql`select reports.settle_rollups()`);
  await db.pool.query('vacuum analyze');
  await app.listen(0, '127.0.0.1');
  const sessions = app.get(SessionQueries, { strict: false });
  const people = await db.rows<{ id: string }>(sql`select id from staff.app_user where role = 'manager' order by id`);
  const managers = (await Promise.all(people.map(({ id }) => sessions.bySession(id)))).filter((user) => user !== undefined);
  return { size, province, url: await app.getUrl(), managers };
}

const search: Job = {
  name: 'search customers',
  async of({ province }) {
    const asked = await questions(province);
    const queries = province.app.get(CustomersQueries, { strict: false });
    return async () => {
      for (const question of asked) await queries.search(province.planner, { ...question, limit: PAGE });
      return SEARCHES;
    };
  },
};

const next: Job = {
  name: 'next customer at the desk',
  of({ province: { app, db }, managers }) {
    const desk = app.get(CallDeskCommands, { strict: false });
    return Promise.resolve(async () => {
      await db.run(sql`update calls.task set state = 'open', claimed_by = null, lease_until = null where state = 'claimed'`);
      const answers: string[] = [];
      for (const manager of managers) {
        const task = await desk.next(manager);
        if ('taskId' in task) answers.push(task.taskId);
      }
      if (answers.length === 0) throw new Error('nobody has a task');
      return answers.length;
    });
  },
};

const gate: Job = {
  name: `gate, ${BATCH} at once`,
  async of({ province: { app, db } }) {
    const contact = app.get(ContactCommands, { strict: false });
    const rows = await db.rows<{ customerId: string; number: string }>(
      sql`select customer_id as "customerId", number from customers.line order by abs(hashint8(id)) limit ${BATCH}`,
    );
    const ask = { channel: 'sms', purpose: 'marketing', campaignId: null, source: 'bench', at: NOW } as const;
    return async () => (await db.tx((tx) => contact.reserveBatch(tx, { ...ask, rows }))).size;
  },
};

const funnel: Job = {
  name: 'look at the funnel',
  of: ({ url }) =>
    Promise.resolve(async () => {
      for (let n = 0; n < LOOKS; n++) {
        const answer = await fetch(`${url}/api/v1/reports/funnel?by=manager`, { headers: { authorization: `Bearer ${TOKENS.province}` } });
        await answer.arrayBuffer();
        if (answer.status !== 200) throw new Error(`the funnel answered ${answer.status}`);
      }
      return LOOKS;
    }),
};

const plan: Job = {
  name: 'plan run over everybody',
  of: ({ size, province }) =>
    Promise.resolve(async () => {
      await planRun(province);
      return size;
    }),
};

const JOBS = [search, next, gate, funnel, plan];
const wayOf = (job: Job, size: number): string => `${job.name}, ${size} customers`;

/** How cost grows from ten thousand customers to a million: each job of the day at three sizes, in one run. */
export const benchmark: Benchmark = {
  name: 'slope',
  rows: 1_000_000,
  smokeRows: 10_000,
  needsDatabase: true,
  async setUp({ smoke, databaseUrl, say }) {
    const sizes = smoke ? SIZES.smoke : SIZES.full;
    const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
    // copied while nobody is connected to it yet
    const urls = [databaseUrl];
    for (const size of sizes.slice(1)) urls.push(await copyOf(databaseUrl, `slope_${size}`));
    const scales: Scale[] = [];
    for (const [i, size] of sizes.entries()) scales.push(await open(urls[i] ?? '', size));
    const cost = new Map<string, number[]>();
    const ways: Way[] = [];
    for (const job of JOBS)
      for (const scale of scales) {
        const name = wayOf(job, scale.size);
        const work = await job.of(scale);
        await work(); // the first round only warms
        const run = async (): Promise<number> => {
          const start = performance.now();
          const done = await work();
          cost.set(name, [...(cost.get(name) ?? []), (performance.now() - start) / done]);
          return done;
        };
        ways.push({ name, run });
      }
    const least = (name: string): number => Math.min(...(cost.get(name) ?? [NaN]));
    return {
      input: fingerprint().update(`${sizes.join()} customers by hash`).digest('hex'),
      unit: 'done',
      ways,
      goals: JOBS.filter((job) => job !== funnel).map((job) => ({ way: wayOf(job, largest), of: wayOf(job, smallest), atMost: smoke ? 4 : AT_MOST })),
      check: () => {
        for (const job of JOBS) {
          const each = sizes.map((size) => least(wayOf(job, size)));
          const slope = Math.log10((each.at(-1) ?? NaN) / (each[0] ?? NaN)) / Math.log10(largest / smallest);
          say(
            `${job.name}: ${each.map((ms) => `${(ms * 1000).toFixed(1)} µs`).join(', ')} each at ${sizes.join(', ')} customers; slope ${slope.toFixed(2)}`,
          );
        }
        return Promise.resolve([]);
      },
      close: async () => {
        for (const { province } of scales) await province.close();
      },
    };
  },
};
