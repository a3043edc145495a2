import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn } from '../../support/visitor.js';
import { must } from '../calls/call-centre.js';
import { addCustomer, addSegment, addTemplate, numberOf, openPostOffice, type PostOffice } from './post-office.js';

interface Listed {
  items: { phone: string }[];
}

let office: PostOffice;

/** A blast of the province to two people of the east and one of the west, looked at and sent. */
beforeAll(async () => {
  office = await openPostOffice();
  const { db, app } = office.test;
  await addTemplate(office, 'all', '{{name}}您好。');
  await db.run(sql`update messaging.template set org_unit_id = (select id from staff.org_unit where parent_id is null)`);
  await addCustomer(db, numberOf(1), { name: '东一' });
  await addCustomer(db, numberOf(2), { name: '东二' });
  await addCustomer(db, numberOf(3), { name: '西边很长很长的名字', unit: 'west-1', manager: 'm11' });
  await addSegment(db, 'all', [1, 2, 3].map(numberOf));
  await db.run(sql`update segments.segment set org_unit_id = (select id from staff.org_unit where parent_id is null)`);
  const admin = await office.house('admin');
  await must(admin.post('/sms/blasts', { code: 'all', template: 'all', segment: 'all', gateway: 'simulator' }), 201);
  await must(admin.post('/sms/blasts/all/check'), 202);
  await must(admin.post('/sms/templates/all/check', { segment: 'all' }), 202);
  await drainJobs(app);
  await must(admin.post('/sms/blasts/all/start'), 200);
  await drainJobs(app);
});
afterAll(() => office.test.close());

describe('SYS-1 a blast of a unit above', () => {
  it.each([
    ['planner-e', [1, 2]],
    ['planner-w', [3]],
    ['admin', [1, 2, 3]],
  ])('%s sees the people of her own unit in it, whatever the list', async (who, own) => {
    const reader = await office.house(who);
    for (const query of ['', '?state=submitted', '?state=submitted&limit=1', '?state=planned', '?figure=handedOver']) {
      const { items } = (await reader.get(`/sms/blasts/all/messages${query}`)).body as Listed;
      expect(items.filter(({ phone }) => !own.map(numberOf).includes(phone))).toEqual([]);
      if (query === '') expect(items.map(({ phone }) => phone).sort()).toEqual(own.map(numberOf));
    }
    const { body: asked } = await reader.post('/exports', { what: 'blast-messages', format: 'csv', filter: { blast: 'all' } });
    await drainJobs(office.test.app);
    const file = (await reader.get(`/exports/${(asked as { id: string }).id}/file`)).text;
    for (const n of [1, 2, 3]) expect(file.includes(`138 0000 000${n}`)).toBe(own.includes(n));
  });

  it.each(['/sms/blasts/all/check', '/sms/templates/all/check?segment=all'])(
    'the examples of a look at it are of one’s own unit: %s',
    async (path) => {
      const named = async (who: string): Promise<boolean> =>
        JSON.stringify((await (await office.house(who)).get(path)).body).includes(numberOf(3).slice(3));
      expect([await named('planner-e'), await named('planner-w'), await named('admin')]).toEqual([false, true, true]);
    },
  );

  it('the page says that it lists a part', async () => {
    const page = async (who: string): Promise<string> => (await (await logIn(office.test, who)).get('/sms/blasts/all/messages')).text;
    expect(await page('planner-e')).toContain('下面只列出您单位的客户');
    expect(await page('admin')).not.toContain('您单位的客户');
  });
});
