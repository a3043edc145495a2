import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { MessageArchive } from '../../../src/messaging/archive/message-archive.commands.js';
import { SentOnDesk } from '../../../src/messaging/steps/sent-on-desk.queries.js';
import { countOf } from '../../../src/platform/backup/catalogue.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { JobRegistry } from '../../../src/platform/jobs/job-registry.js';
import { Outbox } from '../../../src/platform/jobs/outbox.js';
import { MonthArchive } from '../../../src/platform/months/month-archive.commands.js';
import { MonthFiles, type MonthManifest } from '../../../src/platform/months/month-files.js';
import type { MonthReport } from '../../../src/platform/months/months-options.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { callAs } from '../../support/house.js';
import { programOnPath } from '../../support/programs.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import {
  addCrowd,
  addSegment,
  addTemplate,
  type Figures,
  figures,
  numberOf,
  openPostOffice,
  type PostOffice,
  sumOf,
} from '../messaging/post-office.js';

const PEOPLE = 40;
const STEM = 'messaging.message_202510';
const PART = { parent: 'messaging.message', name: 'messaging.message_202510', month: '2025-10-01' };
const LATER = '2026-12-15T10:00:00+08:00';

interface Outcome {
  figures: Record<string, number | null>;
}

let office: PostOffice;
let dataDir: string;
let folder: string;
let rows: number;
const archive = (): Promise<MonthReport[]> => office.test.app.get(MessageArchive, { strict: false }).archiveOld();
const db = () => office.test.db;
const isThere = async (): Promise<boolean> =>
  (await db().one<{ there: boolean }>(sql`select to_regclass('messaging.message_202510') is not null as there`)).there;
const counted = (): Promise<number> => db().count(sql`select from messaging.message where id < platform.uuid_floor('2025-11-01T00:00:00+08:00')`);
/** Everything is still where it was. */
async function expectUntouched(): Promise<void> {
  expect([await isThere(), await counted()]).toEqual([true, rows]);
  expect(await db().rows(sql`select from platform.archived_month`)).toHaveLength(0);
  expect(await db().rows(sql`select from messaging.archived_blast`)).toHaveLength(0);
  expect(await db().rows(sql`select from messaging.texted_task`)).toHaveLength(0);
}
/** The nightly job as the relay runs it. @returns what is kept of its error */
async function nightlyError(): Promise<string | null> {
  const { app } = office.test;
  const job = app
    .get(JobRegistry, { strict: false })
    .schedules()
    .find((each) => each.job.name === 'messaging.message-archive')?.job;
  if (!job) throw new Error('no such schedule');
  await app.get(Outbox, { strict: false }).add(db(), job, { slot: office.test.clock.now().toISOString() });
  await drainJobs(app, { allowFailures: true });
  const kept = await db().maybe<{ error: string | null }>(sql`delete from platform.outbox where job = ${job.name} returning last_error as error`);
  return kept?.error ?? null;
}
/** A change that is taken back when the test has seen what it does. */
async function meanwhile(change: string, back: string, look: () => Promise<void>): Promise<void> {
  await db().run(rawSql(change));
  try {
    await look();
  } finally {
    await db().run(rawSql(back));
  }
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'starcare-months-'));
  folder = join(dataDir, 'archive');
  office = await openPostOffice('2025-10-10T10:00:00+08:00', { dataDir, messagesKeepMonths: 13 });
  await addTemplate(office, 'offer', '{{honorific}}您好，\n"新套餐"每月19元，回Y，办理');
  await addCrowd(db(), PEOPLE);
  const numbers = Array.from({ length: PEOPLE }, (_, i) => numberOf(i + 1));
  await addSegment(db(), 'autumn', numbers);
  await db().run(
    sql`update messaging.gateway set settings = '{"undelivered": 0.3, "latencyMs": [1000, 2000]}', part_price = 45 where code = 'simulator'`,
  );
  const made = await office.planner.post('/sms/blasts', {
    code: 'autumn',
    template: 'offer',
    segment: 'autumn',
    gateway: 'simulator',
    holdoutPercent: 10,
  });
  if (made.status !== 201) throw new Error(made.text);
  await office.planner.post('/sms/blasts/autumn/start');
  await office.drain();
  await office.pass(1);
  await office.pass(1);
  office.test.clock.set(LATER);
  rows = await counted();
});
afterAll(async () => {
  await office.test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('SYS-4 old months of messages: what must not leave stays', () => {
  it('a month with a message that waits for its end stays, and says which', async () => {
    expect(rows).toBeGreaterThan(20);
    const one = `(select id from messaging.message where state = 'delivered' order by id limit 1)`;
    const { id } = await db().one<{ id: string }>(rawSql(`select id from messaging.message where id = ${one}`));
    await meanwhile(
      `update messaging.message set state = 'in_doubt' where id = '${id}'`,
      `update messaging.message set state = 'delivered' where id = '${id}'`,
      async () => expect(await archive()).toEqual([{ ...PART, stays: 'messages wait for their end: in_doubt 1' }]),
    );
    await expectUntouched();
    // nor is it watched any longer
    expect(await db().rows(sql`select from pg_trigger where tgname in ('month_changes', 'month_emptied')`)).toHaveLength(0);
  });

  it('a month with a receipt that nobody has applied stays', async () => {
    await meanwhile(
      `insert into messaging.receipt (gateway_code, message_id, state, received_at) select 'simulator', id, 'delivered', now() from messaging.message limit 1`,
      `delete from messaging.receipt where applied_at is null`,
      async () => expect(await archive()).toEqual([{ ...PART, stays: '1 receipts of its messages are not applied yet' }]),
    );
    await expectUntouched();
  });

  it('a month in which a blast sent that is not over stays', async () => {
    await meanwhile(
      `update messaging.blast set state = 'paused' where code = 'autumn'`,
      `update messaging.blast set state = 'done' where code = 'autumn'`,
      async () => expect(await archive()).toEqual([{ ...PART, stays: 'blasts that sent in it are not over: autumn' }]),
    );
    await expectUntouched();
  });

  it('a month whose table somebody works with stays until the next night', async () => {
    const reader = new pg.Client({ connectionString: office.test.databaseUrl });
    await reader.connect();
    try {
      await reader.query('begin');
      await reader.query('select count(*) from messaging.message');
      expect(await archive()).toEqual([{ ...PART, stays: expect.stringContaining('somebody works with its table') }]);
    } finally {
      await reader.end();
    }
    await expectUntouched();
  });

  it('a folder that cannot be written is told by the job, and the month stays', async () => {
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, 'in the way');
    expect(await nightlyError()).toMatch(
      /messaging.message of 2025\/10 stays as it is: its file in DATA_DIR\/archive cannot be written .*EEXIST.*room/,
    );
    rmSync(folder);
    await expectUntouched();
  });

  (existsSync('/dev/full') ? it : it.skip)('a disk that is full is told by the job, the month stays, and nothing is left of the file', async () => {
    mkdirSync(folder, { recursive: true });
    symlinkSync('/dev/full', join(folder, `${STEM}.csv.gz.partial`));
    expect(await nightlyError()).toMatch(/stays as it is.*ENOSPC/);
    expect(existsSync(join(folder, `${STEM}.csv.gz`))).toBe(false);
    expect(existsSync(join(folder, `${STEM}.csv.gz.partial`))).toBe(false);
    await expectUntouched();
  });

  it('a file that was altered, or cannot be read back, drops nothing', async () => {
    const [months, owner] = [office.test.app.get(MonthArchive, { strict: false }), office.test.app.get(MessageArchive, { strict: false })];
    const path = join(folder, `${STEM}.csv.gz`);
    const manifest = await months.write(PART, owner);
    const text = gunzipSync(readFileSync(path)).toString();
    writeFileSync(path, gzipSync(text.replace('新套餐', '旧套餐')));
    await expect(months.leave(PART, manifest, owner)).rejects.toThrow(/does not read back as it was written/);
    writeFileSync(path, gzipSync(text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)));
    await expect(months.leave(PART, manifest, owner)).rejects.toThrow(/does not read back as it was written/);
    writeFileSync(path, 'no gzip');
    await expect(months.leave(PART, manifest, owner)).rejects.toThrow(/cannot be read back/);
    rmSync(path);
    await expect(months.leave(PART, manifest, owner)).rejects.toThrow(/ENOENT/);
    await expectUntouched();
  });

  it.each([
    ['changed', `update messaging.message set parts = parts + 1 where id = (select min(id::text)::uuid from messaging.message)`],
    ['changed there and back', `update messaging.message set parts = parts - 1 where id = (select min(id::text)::uuid from messaging.message)`],
    [
      'added',
      `insert into messaging.message (id, customer_id, line_id, number, touch_id, purpose, body, parts, encoding, gateway_code, state, created_at)
       select platform.uuid_v7('2025-10-20'), customer_id, line_id, number, touch_id, purpose, 'late', 1, 'ucs2', gateway_code, 'void', '2025-10-20' from messaging.message limit 1`,
    ],
    ['taken away', `delete from messaging.message where body = 'late'`],
  ])('a row that was %s meanwhile keeps the month', async (_what, change) => {
    const [months, owner] = [office.test.app.get(MonthArchive, { strict: false }), office.test.app.get(MessageArchive, { strict: false })];
    const manifest = await months.write(PART, owner);
    await db().run(rawSql(change));
    await expect(months.leave(PART, manifest, owner)).rejects.toThrow('a row of it changed while it was written');
    expect(await isThere()).toBe(true);
  });
});

describe('SYS-4 a month of messages becomes a checked file', () => {
  let before: { blast: Figures; outcome: Outcome; sum: { rows: number; sum: string } };
  let manifest: MonthManifest;
  let planner: PageVisitor;
  let admin: PageVisitor;
  const blast = async (): Promise<Outcome> => (await office.planner.get('/sms/blasts/autumn/figures')).body as Outcome;
  /** Tried as often as asked, and a message left instead (CAR-1). */
  const visitInVain = async (): Promise<void> => {
    await db().run(sql`
      with told as (
        select id, customer_id, line_id from messaging.message where state = 'delivered' order by id limit 1
      ), task as (
        insert into calls.task (campaign_id, customer_id, line_id, cycle, state, close_reason, due_on, created_at, closed_at)
        select p.id, m.customer_id, m.line_id, 'old', 'not_reached', 'max_attempts', '2025-10-10', '2025-10-01', '2025-10-10'
        from told m, (select id from campaigns.campaign order by id limit 1) p returning id, customer_id
      ), run as (
        insert into care.plan_run (day, rules, state, created_at) values ('2025-10-01', '{star-revisit}', 'done', '2025-10-01') returning id
      )
      insert into care.due (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, task_id, state, plan_run_id, created_at, closed_at)
      select 'star-revisit', t.customer_id, 'old', 'call', '2025-10-10', '2025-10-31', '2025-10-01', '{}', 1, t.id, 'not_reached', r.id, '2025-10-01', '2025-10-10' from task t, run r`);
    await db().run(sql`
      update messaging.message m set task_id = t.id from calls.task t
      where t.cycle = 'old' and m.customer_id = t.customer_id`);
  };
  /** An answer that nobody has understood yet. */
  const reply = (): Promise<number> =>
    db().run(sql`
      insert into messaging.reply (gateway_code, gateway_ref, number, customer_id, body, meaning, message_id, blast_id, received_at)
      select 'simulator', 'r-1', number, customer_id, '什么意思', 'unclear', id, blast_id, '2025-10-11' from messaging.message where number is not null order by id limit 1`);
  const left = async (): Promise<boolean> =>
    (await db().one<{ left: boolean }>(sql`select sms_left as left from reporting.visit where cycle = 'old'`)).left;
  const summed = async (): Promise<{ rows: number; sum: string }> => {
    const client = new pg.Client({ connectionString: office.test.databaseUrl });
    await client.connect();
    return countOf(client, { table: STEM, columns: manifest.columns }).finally(() => client.end());
  };

  beforeAll(async () => {
    await expectUntouched();
    await visitInVain();
    expect(await left()).toBe(true);
    await reply();
    const outcome = await blast();
    manifest = await office.test.app.get(MonthArchive, { strict: false }).write(PART, office.test.app.get(MessageArchive, { strict: false }));
    before = { blast: await figures(office, 'autumn'), outcome, sum: await summed() };
    expect(await archive()).toEqual([{ ...PART, stays: null }]);
    planner = await logIn(office.test, 'planner-e');
    admin = await logIn(office.test, 'admin');
  });

  it('is written down with rows and sum, and is gone from the database', async () => {
    const recorded = await db().rows(sql`select parent, month, place, file, sha256, rows::int from platform.archived_month`);
    const file = `${STEM}.csv.gz`;
    expect(recorded).toEqual([{ parent: 'messaging.message', month: '2025-10-01', place: 'file', file, sha256: manifest.sha256, rows }]);
    expect(JSON.parse(readFileSync(join(folder, `${STEM}.json`), 'utf8'))).toEqual(manifest);
    expect(manifest).toMatchObject({ rows, file, month: '2025-10-01', columns: expect.arrayContaining(['id', 'body']) });
    expect([await isThere(), await counted()]).toEqual([false, 0]);
    expect(await db().rows(sql`select from platform.month_change`)).toHaveLength(0);
  });

  it('SMS-6 the counts of the blast and its figures stand; the sum of states is the audience', async () => {
    const after = await figures(office, 'autumn');
    expect(after).toEqual(before.blast);
    expect(sumOf(after.counts)).toBe(after.audience);
    expect(await blast()).toEqual(before.outcome);
    expect(before.outcome.figures).toMatchObject({ parts: expect.any(Number), cost: expect.any(Number), p50: expect.any(Number) });
    expect(before.outcome.figures.cost).toBeGreaterThan(0);
  });

  it('CAR-1 a visit tried in vain still counts as one for which a message was left', async () => {
    expect(await left()).toBe(true);
  });

  it('every page that would list them says archived, with the file', async () => {
    const list = (await planner.get('/sms/blasts/autumn/messages')).text;
    expect(list).toContain(`已归档：${STEM}.csv.gz`);
    const none = (await planner.get('/sms/blasts/autumn/messages?figure=billed')).text;
    expect(none).toContain(`已归档：${STEM}.csv.gz`);
    expect(none).not.toContain('这一状态下没有人');
    expect((await planner.get('/sms/blasts/autumn')).status).toBe(200);
    expect((await planner.get('/sms/blasts/autumn/figures')).text).toContain(`短信已归档（${STEM}.csv.gz）`);
    const api = await office.planner.get('/sms/blasts/autumn/messages?state=delivered');
    expect((api.body as { items: object[] }).items[0]).toMatchObject({ text: null, archived: `${STEM}.csv.gz`, state: 'delivered' });
    const { id } = await db().one<{ id: string }>(sql`select id from customers.customer where customer_no = 'crowd-1'`);
    expect((await planner.get(`/customers/${id}/timeline`)).text).toContain(`${STEM}.csv.gz`);
    expect((await planner.get(`/customers/${id}/timeline?channel=sms`)).text).toContain('已归档');
    const replies = (await (await logIn(office.test, 'supervisor-e')).get('/replies')).text;
    expect(replies).toContain('什么意思');
    expect(replies).toContain(`已归档：${STEM}.csv.gz`);
  });

  it('the desk still says that the customer was written to, and where the words are', async () => {
    const { campaignId, customerId } = await db().one<{ campaignId: string; customerId: string }>(sql`
      select (select min(id) from campaigns.campaign)::text as "campaignId", r.customer_id as "customerId" from messaging.recipient r where r.state = 'delivered' limit 1`);
    await meanwhile(
      `update messaging.blast set campaign_id = ${campaignId}, variant = 'A' where code = 'autumn'`,
      `update messaging.blast set campaign_id = null, variant = null where code = 'autumn'`,
      async () => {
        const said = await office.test.app.get(SentOnDesk, { strict: false }).forCall({ campaignId, customerId, locale: 'zh' });
        expect(said).toMatch(new RegExp(`10-10 10:0.*已归档：${STEM}.csv.gz`));
      },
    );
  });

  it('an export of the recipients says it too', async () => {
    const file = await planner.agent.get('/exports/files/blast-messages?blast=autumn&format=csv');
    expect(file.status).toBe(200);
    expect(file.text).toContain(`已归档：${STEM}.csv.gz`);
  });

  it('administrators see a line for the month, in both languages and by the API', async () => {
    const zh = unescaped((await admin.get('/admin/jobs')).text);
    expect(zh).toMatch(new RegExp(`2025-10.*短信.*${rows}.*文件 ${STEM}.csv.gz`));
    const en = unescaped((await admin.get('/admin/jobs?lang=en')).text);
    expect(en).toMatch(new RegExp(`2025-10.*Messages.*${rows}.*file ${STEM}.csv.gz`));
    await admin.get('/admin/jobs?lang=zh');
    const { body } = await (await callAs(office.test, 'admin')).get('/jobs/months');
    expect(body).toMatchObject({ items: [{ parent: 'messaging.message', month: '2025-10-01', place: 'file', file: `${STEM}.csv.gz` }] });
    expect((await office.planner.get('/jobs/months')).status).toBe(403);
  });

  it('a second night finds nothing to do', async () => {
    expect(await archive()).toEqual([]);
  });

  it('is brought back as docs/operations.md says: the rows are what they were, and stay', async () => {
    await db().run(sql`select platform.ensure_partitions('messaging.message', '2025-10-01', '2025-10-01')`);
    const client = new pg.Client({ connectionString: office.test.databaseUrl });
    await client.connect();
    try {
      const into = `copy ${STEM} (${manifest.columns.join(', ')}) from stdin with (format csv, header match)`;
      await pipeline(createReadStream(join(folder, `${STEM}.csv.gz`)), createGunzip(), client.query(copyFrom(into)));
    } finally {
      await client.end();
    }
    expect(await summed()).toEqual(before.sum);
    // its file is not written over while it is recorded
    expect(await archive()).toEqual([{ ...PART, stays: expect.stringContaining('brought back') }]);
    expect(await counted()).toBe(rows);
    const list = (await planner.get('/sms/blasts/autumn/messages?state=delivered')).text;
    expect(list).toContain('新套餐');
    expect(list).not.toContain('已归档');
  });

  (programOnPath('psql') ? it : it.skip)('comes back by the very commands of docs/operations.md', async () => {
    await db().run(rawSql(`drop table ${STEM}`));
    const commands = readFileSync('docs/operations.md', 'utf8').match(/^ +psql "\$DATABASE_URL" -c .*(ensure_partitions|\\copy).*$/gm) ?? [];
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      const filled = command.replace('id, blast_id, …', manifest.columns.join(', '));
      execFileSync('bash', ['-c', filled], { cwd: folder, env: { ...process.env, DATABASE_URL: office.test.databaseUrl }, stdio: 'pipe' });
    }
    expect(await summed()).toEqual(before.sum);
  });

  it('SYS-6 who is forgotten is forgotten in the file too; its rows and figures stay', async () => {
    const { id, number } = await db().one<{ id: string; number: string }>(sql`
      select customer_id as id, number from messaging.message where state = 'delivered' and task_id is null order by id limit 1`);
    const text = (): string => gunzipSync(readFileSync(join(folder, `${STEM}.csv.gz`))).toString();
    expect(text()).toContain(number);
    const administrator = await callAs(office.test, 'admin');
    const copy = (await administrator.get(`/customers/${id}/export`)).body as { sections: { messages: object } };
    expect(copy.sections.messages).toMatchObject({ archivedMonths: [{ month: '2025-10-01', file: `${STEM}.csv.gz` }] });
    expect((await administrator.post(`/customers/${id}/erase`, { reason: '本人要求' })).status).toBe(200);
    // months around it whose files are lost keep nobody in this one
    for (const month of ['2025-09-01', '2025-11-01'])
      await db().run(
        sql`insert into platform.archived_month select (jsonb_populate_record(a, jsonb_build_object('month', ${month}::text, 'file', 'lost'))).* from platform.archived_month a where a.month = '2025-10-01'`,
      );
    expect((await drainJobs(office.test.app, { allowFailures: true })).failed).toHaveLength(1);
    await db().run(sql`delete from platform.archived_month where file = 'lost'`);
    expect(text()).not.toContain(number);
    const kept = JSON.parse(readFileSync(join(folder, `${STEM}.json`), 'utf8')) as MonthManifest;
    expect(kept).toMatchObject({ rows, file: manifest.file, columns: manifest.columns });
    expect(kept.sha256).not.toBe(manifest.sha256);
    const { sha256 } = await db().one<{ sha256: string }>(sql`select sha256 from platform.archived_month`);
    expect(sha256).toBe(kept.sha256);
    // the file reads back as it is recorded
    const read = await office.test.app.get(MonthFiles, { strict: false }).read(PART);
    expect(read).toEqual({ rows, sha256, asWritten: true });
  });

  it('SYS-6 a file that is not there when somebody is to be taken out of it is told by the job', async () => {
    const { id } = await db().one<{ id: string }>(
      sql`select customer_id as id from messaging.message where number is not null and task_id is null order by id desc limit 1`,
    );
    rmSync(join(folder, `${STEM}.csv.gz`));
    expect((await (await callAs(office.test, 'admin')).post(`/customers/${id}/erase`, { reason: '本人要求' })).status).toBe(200);
    const { failed } = await drainJobs(office.test.app, { allowFailures: true });
    expect(failed.map(({ job, error }) => [job, String(error)])).toEqual([
      ['messaging.forget-archived', expect.stringMatching(/file in DATA_DIR\/archive cannot be .*ENOENT.*holds its files/)],
    ]);
  });
});
