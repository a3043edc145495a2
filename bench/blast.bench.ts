import { TemplatesCommands } from '../src/messaging/templates.commands.js';
import { BlastsCommands } from '../src/messaging/blasts.commands.js';
import { sql } from '../src/platform/database/sql.js';
import type { Benchmark, Way } from './frame.js';
import { fingerprint } from './random.js';
import { addAudience, NOW, openPostHouse, type PostHouse } from './smsc/house.js';
import { bareClient, Kannel, kannelInstalled } from './smsc/peers.js';
import { Smsc } from './smsc/smsc.js';
import { Stages } from './smsc/stages.js';

const LIMIT = 'smpp client alone, window 100, no database';
const PRODUCT = 'blast: gate, render, intents, submit, marks, receipts applied';
const KANNEL = 'Kannel, spool store, over HTTP, no receipts';
const BODY = '{{honorific}}您好，您的{{package}}套餐有新优惠，详询10000';

/** Wakes up ten times a second until it is so. */
async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function template(house: PostHouse): Promise<void> {
  const form = { code: 'bench', name: '基准', purpose: 'marketing', signature: '中国电信', body: BODY } as const;
  await house.get(TemplatesCommands).create(house.admin, form);
  await house.db.run(sql`update messaging.template_version set approved_at = ${NOW}`);
}

/** Nothing is left of the run before. */
async function clear({ db }: PostHouse): Promise<void> {
  await db.run(sql`delete from platform.outbox`);
  await db.run(sql`truncate messaging.recipient, messaging.message, messaging.gateway_message, messaging.receipt, messaging.blast cascade`);
  await db.run(sql`truncate contact.touch cascade`);
}

export const benchmark: Benchmark = {
  name: 'blast',
  rows: 100_000,
  smokeRows: 5_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const smsc = await Smsc.start();
    const house = await openPostHouse(databaseUrl, smsc.port);
    await addAudience(house.db, rows);
    await template(house);
    const stages = new Stages(house);
    let kannel: Kannel | undefined;
    const wrong: string[] = [];
    let run = 0;
    const reset = (): Promise<unknown> => smsc.reset();
    const limit: Way = { name: LIMIT, prepare: async () => void (await reset()), run: () => bareClient(smsc, rows) };
    const product: Way = {
      name: PRODUCT,
      prepare: async () => {
        await clear(house);
        await reset();
        const blasts = house.get(BlastsCommands);
        const code = `run-${++run}`;
        await blasts.create(house.admin, { code, template: 'bench', segment: 'everybody', gateway: 'bench' });
        await house.db.run(sql`update messaging.gateway set active = false where code = 'bench'`);
        const begin = performance.now();
        await house.db.run(sql`update messaging.gateway set active = true where code = 'bench'`);
        await house.db.run(sql`update messaging.blast set not_before = ${new Date('2027-01-01')}`);
        await blasts.start(house.admin, code);
        say(`audience frozen in ${((performance.now() - begin) / 1000).toFixed(2)} s`);
        await house.db.pool.query('vacuum analyze messaging.recipient');
        await house.db.run(sql`update messaging.blast set not_before = null`);
      },
      run: async () => {
        stages.clear();
        const blasts = house.get(BlastsCommands);
        const code = `run-${run}`;
        await blasts.pause(house.admin, code);
        await blasts.resume(house.admin, code);
        await until(
          async () => (await house.db.one<{ state: string }>(sql`select state from messaging.blast where code = ${code}`)).state === 'done',
        );
        const { submits, twice, open } = await smsc.count();
        const { delivered, left } = await house.db.one<{ delivered: number; left: number }>(sql`
          select count(*) filter (where state = 'delivered')::int as delivered, count(*) filter (where state not in ('delivered', 'refused'))::int as left
          from messaging.recipient`);
        if (twice.length > 0) wrong.push(`texted more than once: ${JSON.stringify(twice)}`);
        if (delivered !== submits || left > 0 || open > 0)
          wrong.push(`${submits} handed over, ${delivered} delivered, ${left} neither delivered nor refused, ${open} receipts not acknowledged`);
        for (const line of stages.tell(submits)) say(line);
        return submits;
      },
    };
    const ways = [limit, product];
    const sendByKannel = async (): Promise<number> => (await kannel?.send(smsc, Math.min(rows, 30_000))) ?? 0;
    const startKannel = async (): Promise<void> => {
      await kannel?.stop();
      await reset();
      kannel = await Kannel.start(smsc);
    };
    if (kannelInstalled()) ways.push({ name: KANNEL, prepare: startKannel, run: sendByKannel });
    else say('Kannel is not installed: that comparison is left out');
    return {
      input: fingerprint().update(`${rows} customers by hash, ${BODY}`).digest('hex'),
      unit: 'msg',
      ways,
      goals: [{ way: PRODUCT, atLeast: smoke ? 0.1 : 0.4 }, ...(kannelInstalled() ? [{ way: PRODUCT, of: KANNEL, atLeast: smoke ? 0.5 : 1.5 }] : [])],
      check: () => Promise.resolve(wrong),
      close: async () => {
        await kannel?.stop();
        await house.close();
        smsc.stop();
      },
    };
  },
};
