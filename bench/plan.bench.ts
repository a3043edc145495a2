import type { Database } from '../src/platform/database/database.js';
import { rawSql, sql } from '../src/platform/database/sql.js';
import type { Benchmark, Way } from './frame.js';
import { addFacts, planRun, RULES, switchOn } from './planning.js';
import { addCalls, addCustomers, openProvince, settle } from './province.js';
import { fingerprint } from './random.js';

/** Nothing but care.due points at a task any more, so that both can be emptied without the calls of the past. */
async function freeTasks(db: Database): Promise<void> {
  const keys = await db.rows<{ tableName: string; name: string }>(sql`
    select conrelid::regclass::text as "tableName", conname as name from pg_constraint
    where confrelid in ('calls.task'::regclass, 'care.due'::regclass) and conrelid <> 'care.due'::regclass and conparentid = 0`);
  for (const { tableName, name } of keys) await db.run(rawSql(`alter table ${tableName} drop constraint "${name}"`));
}

const empty = (db: Database): Promise<number> => db.run(rawSql('truncate calls.task, care.due'));

/** Says of both tables which rows they hold, each by where it lies: a row that was written anew lies elsewhere. */
const rowsOf = (db: Database): Promise<{ tasks: number; dues: number; places: string }> =>
  db.one(sql`
    select (select count(*)::int from calls.task) as tasks, (select count(*)::int from care.due) as dues,
           (select md5(string_agg(ctid::text, ',' order by ctid)) from calls.task) || (select md5(string_agg(ctid::text, ',' order by ctid)) from care.due) as places`);

export const benchmark: Benchmark = {
  name: 'plan',
  rows: 1_000_000,
  smokeRows: 20_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const province = await openProvince(databaseUrl);
    const { db } = province;
    await addCustomers(db, rows);
    await addCalls(db);
    await addFacts(db);
    await settle(db);
    await switchOn(province);
    await freeTasks(db);
    await planRun(province);
    await db.run(rawSql('create unlogged table planned_task as select * from calls.task'));
    await db.run(rawSql('create unlogged table planned_due as select * from care.due'));
    const wanted = await rowsOf(db);
    say(`${wanted.dues} promises in ${wanted.tasks} tasks`);
    const wrong: string[] = [];
    const bare: Way = {
      name: 'bare inserts of the same rows',
      prepare: async () => void (await empty(db)),
      run: async () => {
        await db.tx(async (tx) => {
          await tx.run(rawSql('insert into calls.task overriding system value select * from planned_task on conflict do nothing'));
          await tx.run(rawSql('insert into care.due select * from planned_due on conflict do nothing'));
        });
        return rows;
      },
    };
    const first: Way = {
      name: 'plan run, first',
      prepare: async () => void (await empty(db)),
      run: async () => {
        await planRun(province);
        return rows;
      },
    };
    let before = wanted;
    const again: Way = {
      name: 'plan run, again',
      prepare: async () => void (before = await rowsOf(db)),
      run: async () => {
        await planRun(province);
        return rows;
      },
    };
    return {
      input: fingerprint()
        .update(`${rows} customers by hash, rules ${JSON.stringify(RULES)}`)
        .digest('hex'),
      unit: 'customers',
      ways: [bare, first, again],
      goals: [
        { way: first.name, atMost: smoke ? 4 : 1.3 },
        { way: again.name, of: first.name, atMost: smoke ? 1 : 0.35 },
      ],
      check: async () => {
        const after = await rowsOf(db);
        if (before.tasks !== wanted.tasks || before.dues !== wanted.dues)
          wrong.push(`the first run made ${before.dues} promises in ${before.tasks} tasks`);
        if (after.places !== before.places) wrong.push('the second run rewrote rows');
        if (after.tasks !== before.tasks || after.dues !== before.dues)
          wrong.push(`the second run left ${after.dues} promises in ${after.tasks} tasks`);
        return wrong;
      },
      close: province.close,
    };
  },
};
