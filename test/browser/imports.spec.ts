import type { Browser } from 'playwright-core';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from '../../src/platform/database/sql.js';
import { type ApiClient, createHouse, PASSWORD } from '../support/house.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { describeBrowser, launchBrowser, Visitor } from './browser.js';
import { faultsOf } from './province.js';

const folder = resolve('../shared/data/bank');
const there = existsSync(resolve(folder, 'customers.csv'));
if (!there) console.log('skipped: the real campaign of ../shared/data/bank is not here');

/** The product as it runs by itself, and the files of a real campaign of 4,119 customers. */
(there ? describeBrowser : describe.skip)('FED-1, FED-3, FED-4 a planner hands in the files of a real campaign by the page', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'starcare-pages-'));
  let test: TestApp;
  let browser: Browser;
  let admin: ApiClient;
  let visitor: Visitor;

  beforeAll(async () => {
    [test, browser] = await Promise.all([createTestApp({ config: { dataDir }, autoStart: true }), launchBrowser()]);
    const house = await createHouse(test);
    admin = await house('admin');
    const names = Array.from({ length: 12 }, (_, i) => `m${String(i + 1).padStart(2, '0')}`);
    await Promise.all(
      names.map((username) => admin.post('/users', { username, name: username, role: 'manager', orgUnit: 'east-1', password: PASSWORD })),
    );
    visitor = await Visitor.arrive(browser, test.url);
    visitor.page.setDefaultTimeout(15_000);
    await visitor.logIn('admin', PASSWORD);
  });
  afterAll(async () => {
    await browser.close();
    await test.close();
    rmSync(dataDir, { recursive: true });
  });

  const handIn = async (feed: string, file: string, fields: Record<string, string> = {}): Promise<void> => {
    const { page } = visitor;
    await page.goto('/imports');
    await page.locator('#feed').selectOption(feed);
    for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value);
    await page.locator('#file').setInputFiles({ name: `真实活动_${file}`, mimeType: 'text/csv', buffer: readFileSync(resolve(folder, file)) });
    await page.getByRole('button', { name: '上传' }).click();
    await page.waitForURL(/\/imports\/\d+$/);
  };
  /** Every number of the sum, from the page. */
  const sum = async (): Promise<number[]> => {
    const cells = await visitor.page.locator('#import .sc-grid--6 .fs-3').allInnerTexts();
    return cells.map((text) => Number(text.replaceAll(',', '')));
  };

  it('sees the customers come in: what is read, that they are being written, and that the sum is right', async () => {
    const { page } = visitor;
    await test.db.tx(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtext('feeds.merge'), hashtext('customers'))`); // as if another import were before it
      await handIn('customers', 'customers.csv');
      await page.getByText('正在写入').waitFor();
      expect(await page.locator('#import progress').getAttribute('value')).toBeNull();
      expect(await page.locator('#import .sc-grid--6 .fs-3').allInnerTexts()).toEqual(['4,119', '—', '—', '—', '—', '0']);
      expect(await faultsOf(visitor, 'import-live')).toEqual([]);
    });
    await page.getByText('已读4,119 = 新增 + 更新 + 未变 + 重复 + 拒收，一行不少').waitFor(); // it looked again by itself
    expect(await sum()).toEqual([4119, 4119, 0, 0, 0, 0]);
    expect(await page.getByRole('link', { name: '下载rejects.csv' }).count()).toBe(0);
    expect(await faultsOf(visitor, 'import-done')).toEqual([]);
  });

  it('and the segment with its own columns; both again change nothing and say so', async () => {
    const { page } = visitor;
    await handIn('segment', 'segment.csv', { segment: 'bank', segmentName: '真实活动' });
    await page.getByText('一行不少').waitFor();
    expect(await sum()).toEqual([4119, 4119, 0, 0, 0, 0]);
    expect(await page.locator('#import tr', { hasText: 'previous_outcome' }).innerText()).toContain('留给客群');
    await handIn('customers', 'customers.csv');
    await page.getByText('这个文件以前导过，没有任何改动').first().waitFor();
    expect(await sum()).toEqual([4119, 0, 0, 4119, 0, 0]);
    await page.setViewportSize({ width: 1024, height: 768 });
    expect(await faultsOf(visitor, 'import-again')).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });
});
