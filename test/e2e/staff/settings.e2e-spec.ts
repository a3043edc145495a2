import { SETTINGS_PAGES } from '../../../src/staff/settings/settings-pages.data.js';
import { createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
  await createHouse(test);
});
afterAll(() => test.close());

const rowOf = (text: string, href: string): string => text.split('<tr>').find((row) => row.includes(`href="${href}"`)) ?? '';

describe('all settings on one page, with who changed them last (SYS-1, SYS-2)', () => {
  it('leads to a page that is there for each of them', async () => {
    const admin = await logIn(test, 'admin');
    const { text } = await admin.get('/admin/settings');
    for (const { href } of SETTINGS_PAGES) {
      expect(rowOf(text, href)).not.toBe('');
      expect([href, (await admin.get(href)).status]).toEqual([href, 200]);
    }
  });

  it('says who changed one last and when, with all its changes a click away', async () => {
    const admin = await logIn(test, 'admin');
    expect(rowOf((await admin.get('/admin/settings')).text, '/customers/settings')).toContain('还没有人改过');
    expect((await admin.post('/customers/settings', { askIdCard: 'true' })).status).toBe(303);
    const row = rowOf((await admin.get('/admin/settings')).text, '/customers/settings');
    expect(row).toContain('admin');
    expect(row).toContain('2026-11-24');
    const history = /href="(\/admin\/audit[^"]+)"/.exec(row)?.[1] ?? '';
    expect((await admin.get(history)).text).toContain('customer-setting.changed');
  });

  it('is for administrators', async () => {
    expect((await (await logIn(test, 'planner-e')).get('/admin/settings')).status).toBe(403);
  });
});
