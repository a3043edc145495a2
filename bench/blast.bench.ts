import type { Benchmark, Way } from './frame.js';
import { fingerprint } from './random.js';
import { addTemplate, BlastRun, BODY, until } from './smsc/blast-run.js';
import { addAudience, openPostHouse } from './smsc/house.js';
import { LeastPipeline } from './smsc/least-pipeline.js';
import { bareClient, Kannel, kannelInstalled } from './smsc/peers.js';
import { Smsc } from './smsc/smsc.js';
import { Stages } from './smsc/stages.js';

const LIMIT = 'smpp client alone, window 100, no database';
const PRODUCT = 'blast: gate, render, intents, submit, marks, receipts applied';
const LEAST = 'the least pipeline: one table, no ledger, no caps, one merge at the end';
const KANNEL = 'Kannel, spool store, over HTTP, no receipts';
/** Enough for a steady rate; it would only take longer. */
const MOST_BY_KANNEL = 30_000;

/**
 * From the frozen audience to the last receipt, over the product's own SMPP; beside it the `smpp` package alone, the least that still is a blast, and
 * Kannel, at the same SMSC.
 */
export const benchmark: Benchmark = {
  name: 'blast',
  rows: 100_000,
  smokeRows: 5_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const smsc = await Smsc.start();
    const house = await openPostHouse(databaseUrl, smsc.port);
    await addAudience(house.db, rows);
    await addTemplate(house);
    const blast = new BlastRun(house, say);
    const stages = new Stages(house);
    let kannel: Kannel | undefined;
    const least = await LeastPipeline.open(databaseUrl, smsc);
    const wrong: string[] = [];
    const limit: Way = { name: LIMIT, prepare: async () => void (await smsc.reset()), run: () => bareClient(smsc, rows) };
    const product: Way = {
      name: PRODUCT,
      prepare: async () => {
        await smsc.reset();
        await blast.prepare();
      },
      run: async () => {
        stages.begin();
        await blast.start();
        await until(async () => (await blast.state()) === 'done');
        stages.end();
        const { submits } = await smsc.count();
        return submits;
      },
      after: async (units) => {
        for (const line of stages.tell(units)) say(line);
        wrong.push(...(await blast.faults(smsc)));
      },
    };
    const bound: Way = {
      name: LEAST,
      prepare: async () => {
        await smsc.reset();
        await least.clear();
      },
      run: () => least.run(),
    };
    const peer: Way = {
      name: KANNEL,
      prepare: async () => {
        await smsc.reset();
        kannel = await Kannel.start(smsc);
      },
      run: () => kannel?.send(smsc, Math.min(rows, MOST_BY_KANNEL)) ?? Promise.resolve(0),
      after: async () => kannel?.stop(),
    };
    if (!kannelInstalled()) say('Kannel is not installed: that comparison is left out');
    return {
      input: fingerprint().update(`${rows} customers by hash, ${BODY}`).digest('hex'),
      unit: 'msg',
      ways: [limit, bound, product, ...(kannelInstalled() ? [peer] : [])],
      goals: [{ way: PRODUCT, atLeast: smoke ? 0.1 : 0.4 }, ...(kannelInstalled() ? [{ way: PRODUCT, of: KANNEL, atLeast: smoke ? 0.5 : 1.5 }] : [])],
      check: () => Promise.resolve(wrong),
      close: async () => {
        await kannel?.stop();
        await least.close();
        await house.close();
        smsc.stop();
      },
    };
  },
};
