import ExcelJS from 'exceljs';
import { sql } from '../../../src/platform/database/sql.js';
import type { TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { type CallCentre, must, refusal } from './call-centre.js';
import { DispatchWorld } from './dispatch-world.js';
import type { Imported } from '../../support/hand-in.js';

let test: TestApp;
let centre: CallCentre;
let world: DispatchWorld;

beforeAll(async () => {
  world = await DispatchWorld.open();
  ({ test, centre } = world);
});
beforeEach(() => world.clear());
afterAll(() => world.close());

/** supertest's own reading of a body knows no workbooks. */
const binary = (response: NodeJS.EventEmitter, done: (error: Error | null, body: Buffer) => void): void => {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
};
const counts = ({ created, updated, unchanged, duplicate, rejected }: Imported): number[] => [created, updated, unchanged, duplicate, rejected];
const correct = async (attemptId: string, form: object): Promise<void> => {
  await must((await centre.house('supervisor-e')).patch(`/attempts/${attemptId}`, { reason: '听录音', ...form }), 200);
};

describe('FED-5 the return file', () => {
  const RETURN = ['result', 'reason', 'finished_at', 'manager', 'attempts', 'correction', 'remark'];

  it('stands in the sender’s columns, in its order, with what it asked for and what came of it', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('care-1', { attemptPolicy: { maxAttempts: 1, minGapMinutes: 0 } });
    const header = '地市,派单号,手机号码,活动,截止时间,来源系统,客户姓名,派单系统编号';
    await world.handFile(
      [
        header,
        `东城,20261124000000000001,${a?.phone},care-1,2026/12/1 18:00:00,省BSS,"=1+1",007`,
        `,D2,+86 ${b?.phone},care-1,20261202,省BSS,-张,1.33E+10`,
      ].join('\n'),
    );
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await centre.call('m01', { outcome: 'no_answer' });
    const { text, rows } = await world.returns();
    expect(text.startsWith('\ufeff')).toBe(true);
    expect(text.split('\r\n')[0]?.slice(1)).toBe([header, ...RETURN].join(','));
    expect(rows[0]).toEqual({
      地市: '东城',
      派单号: '20261124000000000001',
      手机号码: a?.phone,
      活动: 'care-1',
      截止时间: '2026/12/1 18:00:00',
      来源系统: '省BSS',
      客户姓名: "'=1+1", // no formula
      派单系统编号: '007',
      result: 'done',
      reason: 'reached',
      finished_at: '2026-11-24 10:00',
      manager: 'm01',
      attempts: '1',
      correction: '',
      remark: '已完成：已触达',
    });
    expect(rows[1]).toMatchObject({
      客户姓名: "'-张",
      派单系统编号: '1.33E+10',
      result: 'not_reached',
      reason: 'max_attempts',
      remark: '未接通：拨满次数仍未接通',
    });
  });

  it('is a file of our own feed: handed in again it changes nothing', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('care-1');
    await world.hand([`20261124000000000001,${a?.phone},care-1,2026-12-01,省BSS,关怀,=1+1`]);
    await world.handFile(`派单号,手机号码,活动,截止,地市\n007,${b?.phone},care-1,2026-12-01,东城`);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await centre.call('m01', { outcome: 'invalid_number' });
    const before = await test.db.rows(sql`select * from calls.dispatch order by id`);
    const { text } = await world.returns('since=2027-01-01'); // no row, and still a whole header
    expect(text.trim().split('\r\n')).toHaveLength(1);
    const file = await world.returns();
    const told = await test.db.rows(sql`select * from calls.dispatch order by id`);
    expect(told).not.toEqual(before);
    expect(counts(await world.handFile(file.text))).toEqual([0, 0, 2, 0, 0]);
    expect(await test.db.rows(sql`select * from calls.dispatch order by id`)).toEqual(told);
    expect(await world.tasks(a?.id ?? '')).toHaveLength(1);
  });

  it('holds one sender’s returns since a day or an instant; a wrong instant is refused', async () => {
    const [a, b, c] = await world.people('m01', 7, 6, 5);
    await world.campaign('care-1');
    await world.hand([
      `D1,${a?.phone},care-1,2026-12-01,省BSS,,`,
      `D2,${b?.phone},care-1,2026-12-01,集团CRM,,`,
      `D3,${c?.phone},care-1,2026-12-01,,,`,
    ]);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await centre.moveTo('2026-11-25T10:00');
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    const numbers = async (query: string): Promise<(string | undefined)[]> => (await world.returns(query)).rows.map((row) => row.派单号);
    expect(await numbers('source=省BSS')).toEqual(['D1']);
    expect(await numbers('source=-')).toEqual(['D3']);
    expect(await numbers('since=2026-11-25')).toEqual(['D2', 'D3']);
    expect(await numbers(`since=${encodeURIComponent('2026-11-24T10:00:01+08:00')}&source=集团CRM`)).toEqual(['D2']);
    expect(await numbers('')).toEqual(['D1', 'D2', 'D3']);
    const planner = await centre.house('planner-e');
    for (const since of ['yesterday', '2026-02-30', '2026-11-24T10:00'])
      expect(await refusal(planner.get(`/dispatches/returns.csv?since=${since}`))).toBe('422 since_format since');
  });

  it('a correction before the hand-over simply counts; after it the answer comes again, as a correction', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`]);
    const { attempt } = await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await correct(attempt.id, { outcome: 'refused' });
    expect((await world.returns()).rows).toMatchObject([{ reason: 'refused', correction: '' }]);
    expect(await world.balance()).toMatchObject({ returned: 1, toTell: 0 });
    await centre.moveTo('2026-11-25T10:00');
    await correct(attempt.id, { outcome: 'interested' });
    expect(await world.balance()).toMatchObject({ returned: 1, toTell: 1 });
    for (let i = 0; i < 2; i++) expect((await world.returns('since=2026-11-25')).rows).toMatchObject([{ reason: 'interested', correction: 'Y' }]);
    expect(await world.one('D1')).toMatchObject({ corrected: true, reason: 'interested' });
  });

  it('an answer that a correction takes back is open again if nobody was told, and stands until the next one if somebody was', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`]);
    const first = await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await correct(first.attempt.id, { outcome: 'no_answer' });
    expect(await world.ended('D1')).toBe('open');
    await world.hand([`D2,${b?.phone},care-1,2026-12-01,,,`]);
    const second = await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    expect((await world.returns()).rows).toMatchObject([{ 派单号: 'D2', result: 'done' }]);
    await correct(second.attempt.id, { outcome: 'no_answer' });
    expect(await world.ended('D2')).toBe('returned done reached');
    expect((await world.returns()).rows).toMatchObject([{ 派单号: 'D2', result: 'done', correction: '' }]);
    await centre.moveTo('2026-11-25T10:00');
    const task = (await world.tasks(b?.id ?? ''))[0];
    await must((await centre.house('m01')).post(`/tasks/${task?.id}/claim`), 200, 201);
    await centre.record('m01', task?.id ?? '', { outcome: 'invalid_number' });
    expect((await world.returns('since=2026-11-25')).rows).toMatchObject([
      { 派单号: 'D2', result: 'returned', reason: 'invalid_number', correction: 'Y' },
    ]);
  });

  it('SYS-2 is in the audit log before it leaves, with what was asked', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,省BSS,,`]);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await world.returns('source=省BSS');
    await world.returns('since=2026-11-24', 'supervisor-e');
    const log = await test.db.rows(sql`select actor, detail from staff.audit_entry where action = 'export.delivered' order by id desc limit 2`);
    expect(log).toEqual([
      { actor: 'supervisor-e', detail: { what: 'returns', format: 'csv', rows: 1, filter: { since: '2026-11-24' } } },
      { actor: 'planner-e', detail: { what: 'returns', format: 'csv', rows: 1, filter: { source: '省BSS' } } },
    ]);
  });

  it('FED-6 is a workbook too, for people: its numbers are text there, and our own feed reads it', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`20261124000000000001,${a?.phone},care-1,2026-12-01,省BSS,,`]);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    const planner = await logIn(test, 'planner-e');
    const file = await planner.agent
      .get('/exports/files/returns?source=&since=&format=xlsx')
      .buffer(true)
      .parse(binary as never);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((file.body as Buffer).buffer as ArrayBuffer);
    const cell = book.worksheets[0]?.getCell('A2');
    expect([cell?.value, cell?.numFmt]).toEqual(['20261124000000000001', '@']);
    const again = await world.handFile(file.body as Buffer);
    expect([again.reason, counts(again)]).toEqual([undefined, [0, 0, 1, 0, 0]]);
  });
});

describe('SYS-1 who sees dispatches', () => {
  it('planners and supervisors those of their units’ customers, nobody else any', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`]);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    expect(await world.list('', 'supervisor-e')).toHaveLength(1);
    expect(await world.list('', 'admin')).toHaveLength(1);
    expect(await world.list('', 'planner-w')).toEqual([]);
    expect(await world.balance('planner-w')).toMatchObject({ dispatched: 0, rows: [] });
    expect((await world.returns('', 'planner-w')).rows).toEqual([]);
    expect((await world.balance()).toTell).toBe(1);
    const m01 = await centre.house('m01');
    for (const path of ['/dispatches', '/dispatches/balance', '/dispatches/returns.csv'])
      expect(await refusal(m01.get(path))).toBe('403 role_refused');
  });

  it('the list goes on behind its cursor and takes its filters; a wrong one is refused', async () => {
    const people = await world.people('m01', 7, 6, 5);
    await world.campaign('care-1');
    await world.campaign('care-2');
    await world.hand(people.map(({ phone }, i) => `D${i},${phone},care-${i === 2 ? 2 : 1},2026-12-0${i + 1},S${i},T${i},`));
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    const numbers = async (query: string): Promise<string[]> => (await world.list(query)).map(({ dispatchNo }) => dispatchNo);
    const planner = await centre.house('planner-e');
    const first = (await must(planner.get('/dispatches?limit=2'), 200)) as { items: { dispatchNo: string }[]; nextCursor: string };
    expect(first.items.map(({ dispatchNo }) => dispatchNo)).toEqual(['D2', 'D1']);
    expect(await numbers(`cursor=${first.nextCursor}`)).toEqual(['D0']);
    expect(await numbers('state=open')).toEqual(['D2', 'D1']);
    expect(await numbers('state=returned')).toEqual(['D0']);
    expect([await numbers('state=undone'), await numbers('state=not_reached')]).toEqual([[], []]);
    expect(await numbers('state=done')).toEqual(['D0']);
    expect(await numbers('source=S1')).toEqual(['D1']);
    expect(await numbers('campaign=care-2')).toEqual(['D2']);
    await centre.moveTo('2026-11-30T10:00');
    expect(await numbers('due=soon')).toEqual(['D1']);
    expect(await refusal(planner.get('/dispatches?state=lost'))).toBe('422 invalid_input state');
    expect(await refusal(planner.get('/dispatches?cursor=x'))).toBe('400 cursor_invalid cursor');
  });

  it('the page shows the balance and leads to the rows behind each figure, numbers masked', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('care-1');
    const planner = await logIn(test, 'planner-e');
    expect((await planner.get('/dispatches')).text).toContain('还没有派单');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,省BSS,生日关怀,`, `D2,${b?.phone},care-1,2026-11-25,,,`]);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    const page = (await planner.get('/dispatches')).text;
    for (const words of ['派出 &#x3D; 已回 + 未了', '省BSS', '生日关怀', 'D2', '已完成', '下载CSV']) expect(page).toContain(words);
    expect(page).not.toContain(a?.phone);
    expect(page).not.toContain(`${a?.phone.slice(0, 3)} ${a?.phone.slice(3, 7)}`);
    expect(page).toMatch(/href="\/imports" aria-current="page"/);
    const done =
      /<a href="([^"]+)">1<\/a>/
        .exec(page.slice(page.indexOf('省BSS')))?.[1]
        ?.replaceAll('&amp;', '&')
        .replaceAll('&#x3D;', '=') ?? '';
    const behind = (await planner.get(done.split('#')[0] ?? '')).text;
    expect(behind).toContain('D1');
    expect(behind).not.toContain('>D2<');
    expect((await planner.get('/imports')).text).toContain('href="/dispatches"');
    expect((await planner.get('/campaigns/care-1/list')).text).toContain('href="/dispatches?campaign=care-1"');
    const supervisor = await logIn(test, 'supervisor-e');
    expect((await supervisor.get('/dispatches?campaign=care-1&state=open')).text).toContain('D2');
    expect((await supervisor.get('/exports/files/returns?source=&since=')).text).toContain('省BSS');
    expect((await (await logIn(test, 'm01')).get('/dispatches')).status).toBe(403);
  });
});
