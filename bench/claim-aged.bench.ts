import { CallDeskCommands } from '../src/calls/desk/call-desk.commands.js';
import { sql } from '../src/platform/database/sql.js';
import { type Floor, openFloor } from './claim-floor.js';
import type { Benchmark, Way } from './frame.js';
import { fingerprint } from './random.js';

/** Each claims once in a round, so that a round is the ten thousand claims that are timed. */
const MANAGERS = { full: 10_000, smoke: 400 };
/** Tasks that are left at the end, as a share of what was claimed: nobody may run out of them. */
const SPARE = 1.2;

/** Everybody takes their next customer, with the gate's decision. @returns how many got one */
async function round(floor: Floor): Promise<number> {
  const desk = floor.app.get(CallDeskCommands, { strict: false });
  const taken = await Promise.all(floor.people.map((person) => desk.next(person)));
  return taken.filter((next) => 'taskId' in next).length;
}

/** What was taken is done, as after a call; the next round finds the rest of the list. */
async function close(floor: Floor): Promise<void> {
  await floor.db.run(sql`update calls.task set state = 'done', claimed_by = null, lease_until = null where state = 'claimed'`);
}

/** Does the claim slow down as the day's dead rows and index entries gather? The first ten thousand claims of a list against those after `rows` claims. */
export const benchmark: Benchmark = {
  name: 'claim-aged',
  rows: 500_000,
  smokeRows: 4_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    // one task a customer: a second one on the same day is refused, and what is measured would be the gate's no
    const floor = await openFloor(databaseUrl, Math.ceil(rows * SPARE) + 100_000, smoke ? MANAGERS.smoke : MANAGERS.full, 1);
    const wrong: string[] = [];
    const claimed = async (): Promise<number> => {
      const got = await round(floor);
      if (got < floor.people.length) wrong.push(`${floor.people.length - got} of ${floor.people.length} people got no task while tasks remained`);
      return got;
    };
    const first: Way = {
      name: 'the first claims of a list',
      prepare: async () => {
        await floor.db.run(sql`update calls.task set state = 'open' where state = 'done'`);
        await floor.reopen();
        await Promise.all(floor.early.map((person) => floor.app.get(CallDeskCommands, { strict: false }).next(person)));
      },
      run: claimed,
    };
    const late: Way = {
      name: 'claims after many',
      prepare: async () => {
        await close(floor);
        for (let done = 0; done < rows; await close(floor)) done += await claimed();
        say(`${rows} claims later`);
      },
      run: claimed,
    };
    return {
      input: fingerprint().update(`${rows} claims, ${floor.people.length} managers`).digest('hex'),
      unit: 'claims',
      ways: [first, late],
      goals: [{ way: late.name, atLeast: smoke ? 0.4 : 0.8 }],
      check: () => Promise.resolve(wrong),
      close: () => floor.close(),
    };
  },
};
