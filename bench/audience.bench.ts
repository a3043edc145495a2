import { CampaignLife } from '../src/campaigns/campaign-life.commands.js';
import { ListFilling } from '../src/calls/lists/list-filling.commands.js';
import type { Database } from '../src/platform/database/database.js';
import { rawSql, sql } from '../src/platform/database/sql.js';
import { SessionQueries } from '../src/staff/login/session.queries.js';
import type { Benchmark, Way } from './frame.js';
import { addCalls, addCustomers, NOW, openProvince, type Province, settle } from './province.js';
import { fingerprint } from './random.js';

const CODE = 'everybody';

/** A draft over everybody, for the planner's cities and all others: by load, so that every task needs a choice. */
async function addDraft(db: Database): Promise<string> {
  await db.run(sql`update staff.app_user set daily_capacity = 200 where role = 'manager'`);
  const { id } = await db.one<{ id: string }>(sql`
    insert into campaigns.campaign (code, name, kind, state, starts_on, ends_on, org_unit_id, assignment, filter, holdout_percent, created_at, updated_at)
    select ${CODE}::text, '全量回访', 'care', 'draft', '2026-11-24', '2026-12-31', id, 'load', '{"field":"starLevel","op":"in","value":[0,1,2,3,4,5,6,7]}', 5, ${NOW}, ${NOW}
    from staff.org_unit order by id limit 1 returning id`);
  return id;
}

async function clear(db: Database, id: string): Promise<void> {
  await db.run(rawSql('truncate calls.task, campaigns.audience cascade'));
  await db.run(sql`delete from campaigns.transition where campaign_id = ${id}`);
  await db.run(sql`update campaigns.campaign set state = 'draft', frozen_at = null, launched_at = null where id = ${id}`);
}

/** As the planner's button and the job after it do. */
async function launch({ app, db }: Province, id: string): Promise<void> {
  const admin = await db.one<{ id: string }>(sql`select id from staff.app_user where username = 'admin'`);
  const user = await app.get(SessionQueries, { strict: false }).bySession(admin.id);
  if (!user) throw new Error('the administrator is gone');
  await app.get(CampaignLife, { strict: false }).act(user, CODE, 'launch');
  await app.get(ListFilling, { strict: false }).fill(id);
}

const rowsOf = (db: Database): Promise<{ audience: number; tasks: number }> =>
  db.one(sql`select (select count(*)::int from campaigns.audience) as audience, (select count(*)::int from calls.task) as tasks`);

export const benchmark: Benchmark = {
  name: 'audience',
  rows: 1_000_000,
  smokeRows: 20_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const province = await openProvince(databaseUrl);
    const { db } = province;
    await addCustomers(db, rows);
    await addCalls(db);
    await settle(db);
    const id = await addDraft(db);
    await launch(province, id);
    await db.run(rawSql('create unlogged table wanted_audience as select * from campaigns.audience'));
    await db.run(rawSql('create unlogged table wanted_task as select * from calls.task'));
    const wanted = await rowsOf(db);
    say(`${wanted.audience} customers, ${wanted.tasks} tasks`);
    const wrong: string[] = [];
    const prepare = (): Promise<void> => clear(db, id);
    const bare: Way = {
      name: 'bare inserts of the same rows',
      prepare,
      run: async () => {
        await db.tx(async (tx) => {
          await tx.run(rawSql('insert into campaigns.audience select * from wanted_audience on conflict do nothing'));
          await tx.run(rawSql('insert into calls.task overriding system value select * from wanted_task on conflict do nothing'));
        });
        return rows;
      },
    };
    const built: Way = {
      name: 'launch and list',
      prepare,
      run: async () => {
        await launch(province, id);
        const got = await rowsOf(db);
        if (got.audience !== wanted.audience || got.tasks !== wanted.tasks)
          wrong.push(`a launch made ${got.tasks} tasks of ${got.audience} customers`);
        return rows;
      },
    };
    return {
      input: fingerprint().update(`${rows} customers by hash, every third called, 5 % held out, by load`).digest('hex'),
      unit: 'customers',
      ways: [bare, built],
      goals: [{ way: built.name, atMost: smoke ? 6 : 2 }],
      check: () => Promise.resolve(wanted.tasks > 0 ? wrong : ['nobody is called', ...wrong]),
      close: province.close,
    };
  },
};
