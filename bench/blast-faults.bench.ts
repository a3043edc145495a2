import type { Benchmark, Way } from './frame.js';
import { fingerprint } from './random.js';
import { addTemplate, BlastRun, BODY, until } from './smsc/blast-run.js';
import { addAudience, NOW, openPostHouse } from './smsc/house.js';
import { type Nature, Smsc } from './smsc/smsc.js';

const MINUTE = 60_000;
/** How often the lines fall in one run. */
const FALLS = 10;

/** Receipts before the answer, seconds late and twice; a centre that reads slowly, asks for less and hangs up. */
const natureOf = (rows: number): Nature => ({
  early: 0.05,
  late: 0.05,
  lateMs: 3_000,
  doubled: 0.05,
  throttled: 0.0005,
  slowMs: 2,
  dropEvery: Math.max(1, Math.floor(rows / FALLS)),
});

/** Not a race: a large blast over a bad line. What cannot be known is in doubt, is counted, and is never sent again. */
export const benchmark: Benchmark = {
  name: 'blast-faults',
  rows: 100_000,
  smokeRows: 5_000,
  needsDatabase: true,
  async setUp({ rows, databaseUrl, say }) {
    const nature = natureOf(rows);
    const smsc = await Smsc.start();
    const house = await openPostHouse(databaseUrl, smsc.port);
    await addAudience(house.db, rows);
    await addTemplate(house);
    const blast = new BlastRun(house, say);
    const wrong: string[] = [];
    let repetition = 0;
    const run: Way = {
      name: 'blast over a bad line',
      prepare: async () => {
        // never back: what an earlier repetition stamped would lie in the future
        house.clock.startAt(new Date(NOW.getTime() + repetition++ * 10 * MINUTE));
        await blast.prepare();
        await smsc.reset();
        await smsc.set(nature);
      },
      run: async () => {
        await blast.start();
        await until(async () => (await blast.standing()).left === 0 && (await smsc.count()).open === 0);
        return (await smsc.count()).numbers;
      },
      after: async (taken) => {
        const { inDoubt, delivered } = await blast.standing();
        say(`${inDoubt} in doubt at first, ${taken - delivered} of them taken: their receipts are understood a minute later`);
        house.clock.startAt(new Date(house.clock.now().getTime() + 2 * MINUTE));
        const end = performance.now() + MINUTE;
        await until(async () => (await blast.standing()).delivered === taken || performance.now() > end);
        const { drops, throttled, acknowledged } = await smsc.count();
        const { inDoubt: unknown, refused, audience } = await blast.standing();
        say(
          `${drops} falls, ${throttled} throttled, ${acknowledged} receipts for ${taken} messages; ${unknown} never arrived and stay in doubt, ${refused} refused of ${audience}`,
        );
        if (drops === 0) wrong.push('no line fell');
        wrong.push(...(await blast.faults(smsc)));
      },
    };
    return {
      input: fingerprint()
        .update(`${rows} customers by hash, ${BODY}, ${JSON.stringify(nature)}`)
        .digest('hex'),
      unit: 'msg',
      ways: [run],
      goals: [],
      check: () => Promise.resolve(wrong),
      close: async () => {
        await house.close();
        smsc.stop();
      },
    };
  },
};
