import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { csrfOf, logIn, type PageVisitor } from '../../support/visitor.js';

let test: TestApp;
let planner: ApiClient;
let page: PageVisitor;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-columns-'));
const uploads = (): string[] => readdirSync(join(dataDir, 'uploads'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  const house = await createHouse(test);
  planner = await house('planner-e');
  page = await logIn(test, 'planner-e');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

/** Hands a file in by the page. @returns the address it led to */
async function upload(file: string, fields: Record<string, string> = {}): Promise<string> {
  const token = csrfOf((await page.get('/imports')).text);
  const request = page.agent.post('/imports').set('accept', 'text/html').field('_csrf', token).field('feed', 'customers');
  for (const [name, value] of Object.entries(fields)) void request.field(name, value);
  const answer = await request.attach('file', Buffer.from(file), 'columns.csv');
  expect(answer.status).toBe(303);
  return answer.headers.location as string;
}

const say = async (address: string, columns: string[]): Promise<Response> => {
  const token = csrfOf((await page.get(address)).text);
  const form = new URLSearchParams({ _csrf: token });
  for (const column of columns) form.append('columns', column);
  return page.agent.post(`${address}/mapping`).set('accept', 'text/html').type('form').send(form.toString());
};
const state = async (address: string): Promise<Record<string, unknown>> => (await planner.get(address)).body as Record<string, unknown>;

describe('FED-2 which column is which', () => {
  const file = '客户的手机号码,称呼,内部评级\n13500000001,张三,A\n13500000002,李四,B\n';
  let address: string;

  it('a file with a header nobody knows waits, with its first values and a guess', async () => {
    address = await upload(file);
    const { text } = await page.get(address);
    expect(text).toContain('13500000001、13500000002');
    expect(text).toMatch(/<option value="phone" selected>手机号码（必填）<\/option>/);
    expect(text).toContain('猜的，请核对');
    await drainJobs(test.app);
    expect(await state(address)).toMatchObject({ state: 'mapping', read: 0 });
  });

  it.each([
    ['a required column nobody named', ['', 'name', ''], '还没有说哪一列是“手机号码”'],
    ['a column said twice', ['phone', 'name', 'name'], '“姓名”选了两次'],
    ['a column the feed does not have', ['phone', 'weather', ''], '没有“weather”这一列'],
  ])('%s is refused, and the import goes on waiting', async (_name, columns, words) => {
    const answer = await say(address, columns);
    expect([answer.status, answer.text.includes(words)]).toEqual([422, true]);
    expect(await state(address)).toMatchObject({ state: 'mapping' });
  });

  it('what is said is imported', async () => {
    expect((await say(address, ['phone', 'name', ''])).status).toBe(303);
    await drainJobs(test.app);
    expect(await state(address)).toMatchObject({ state: 'done', read: 2, created: 2 });
    expect(await test.db.rows(sql`select c.name from customers.customer c order by c.name`)).toEqual([{ name: '张三' }, { name: '李四' }]);
    expect((await say(address, ['phone', 'name', ''])).status).toBe(409);
  });

  it('is remembered: the next file with these headers is not asked about, by page or API', async () => {
    const next = await upload(file.replace('13500000002', '13500000003'));
    await drainJobs(test.app);
    expect(await state(next)).toMatchObject({ state: 'done', created: 1, unchanged: 1 });
    expect((await page.get(next)).text).toContain('记住的');
    const answer = await planner.upload('/imports?feed=customers', file.replace('13500000002', '13500000004'));
    await drainJobs(test.app);
    expect(await state(`/imports/${(answer.body as { id: string }).id}`)).toMatchObject({ state: 'done', created: 1, unchanged: 1 });
  });

  it('the API takes a file whose headers are known without asking, and reports the others', async () => {
    const { id } = (await planner.upload('/imports?feed=customers', 'phone,爱好\n13500000001,钓鱼\n')).body as { id: string };
    await drainJobs(test.app);
    expect(await state(`/imports/${id}`)).toMatchObject({ state: 'done', unchanged: 1 });
  });

  it('who wants to look first is asked, and may stop: the file is gone', async () => {
    const asked = await upload('手机号码,姓名\n13500000001,王五\n', { ask: 'always' });
    expect(await state(asked)).toMatchObject({ state: 'mapping' });
    expect(uploads()).toHaveLength(1);
    const stopped = await planner.post(`${asked}/cancel`);
    expect([stopped.status, (stopped.body as { state: string }).state]).toEqual([200, 'cancelled']);
    expect(uploads()).toEqual([]);
    expect((await planner.post(`${asked}/cancel`)).status).toBe(409);
  });
});
