import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { sql } from '../../../src/platform/database/sql.js';
import { addSegment, addTemplate, blastMaker, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let planner: PageVisitor;

const { crowd, createBlast } = blastMaker(() => office);

const codes = async (query: string): Promise<string[]> => {
  const answer = await office.planner.get(`/sms/blasts?${query}`);
  return (answer.body as { items: { code: string }[] }).items.map(({ code }) => code);
};

beforeAll(async () => {
  office = await openPostOffice();
  const { db } = office.test;
  await addTemplate(office, 'offer', '套餐升档优惠');
  await addTemplate(office, 'wish', '生日快乐', 'care');
  for (const [code, template] of [
    ['list-a', 'offer'],
    ['list-b', 'offer'],
    ['list-c', 'wish'],
  ] as const) {
    await addSegment(db, code, await crowd(2));
    await createBlast(code, template, code === 'list-c' ? {} : { name: `升档${code}` });
  }
  expect((await office.planner.post('/sms/blasts/list-b/start')).status).toBe(200);
  for (let i = 0; i < 3; i += 1) await office.pass(2);
  // as a plan run leaves one behind
  await db.run(sql`update messaging.blast set created_by = null, planned_by_care = true where code = 'list-c'`);
  planner = await logIn(office.test, 'planner-e');
});
afterAll(() => office.test.close());

describe('SMS-3 the list of blasts', () => {
  it('is narrowed by state, by who made it and by what is typed, all together', async () => {
    expect(await codes('')).toEqual(['list-c', 'list-b', 'list-a']);
    expect(await codes('state=draft')).toEqual(['list-c', 'list-a']);
    expect(await codes('state=done')).toEqual(['list-b']);
    expect(await codes('origin=care')).toEqual(['list-c']);
    expect(await codes('origin=person&state=draft')).toEqual(['list-a']);
    expect(await codes('q=LIST-B')).toEqual(['list-b']);
    expect(await codes('q=升档')).toEqual(['list-b', 'list-a']);
    expect(await codes('q=wish')).toEqual(['list-c']);
    expect(await codes('q=%25')).toEqual([]);
  });

  it('goes on where a page of it ended, within what it is narrowed by', async () => {
    const first = (await office.planner.get('/sms/blasts?state=draft&limit=1')).body as { nextCursor: string };
    expect(await codes(`state=draft&limit=1&cursor=${first.nextCursor}`)).toEqual(['list-a']);
  });

  it.each([
    ['/sms/blasts?state=sent', 'state'],
    ['/sms/blasts?origin=robot', 'origin'],
    ['/sms/blasts/list-b/messages?state=deliverd', 'state'],
    ['/sms/blasts/list-b/messages?figure=clicks', 'figure'],
  ])('names what it does not know, instead of an empty answer: %s', async (path, param) => {
    const answer = await office.planner.get(path);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(param);
  });

  it('counts each state in its pills by the other conditions, and keeps them in the address', async () => {
    const page = unescaped((await planner.get('/sms/blasts?state=done&origin=person&q=')).text);
    expect(page).toMatch(/state=draft[^>]*>草稿 <span class="sc-n">1</);
    expect(page).toMatch(/aria-current="true">已完成 <span class="sc-n">1</);
    expect(page).toMatch(/href="[^"]*state=draft[^"]*origin=person/);
    expect(page).toContain('/sms/blasts/list-b');
    expect(page).not.toContain('/sms/blasts/list-a"');
  });

  it('says that nothing fits, and leads back', async () => {
    const page = (await planner.get('/sms/blasts?q=nobody')).text;
    expect(page).toContain('没有符合的群发');
    expect(page).not.toContain('还没有群发');
  });
});
