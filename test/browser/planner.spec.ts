import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { sql } from '../../src/platform/database/sql.js';
import { describeBrowser } from './browser.js';
import { faultsAt, faultsOf, Province } from './province.js';

/** Rows that cannot be taken, with the words the page says about each. */
const BAD_ROWS = [
  { row: '1380013800,2026-12,', reason: '应为11位，这里是10位' },
  { row: '1.38E+10,2026-12,', reason: '科学计数法' },
  { row: '138OO138000,2026-12,', reason: '不是数字的字符' },
  { row: '13000000009,2026-12,', reason: '没有这个号码的客户' },
];
const WITH_CONSENT = 8;
const WITHOUT_CONSENT = 3;

describeBrowser('A planner brings a file to the call lists (CAM-1, CAM-2, CUS-3)', () => {
  let province: Province;

  beforeAll(async () => {
    province = await Province.open();
  });

  afterAll(() => province.close());

  /** Numbers of m01's customers who stand on no list. */
  const numbersOf = async (consent: boolean, count: number): Promise<string[]> => {
    const rows = await province.test.db.rows<{ number: string }>(sql`
      select l.number from customers.line l join customers.customer c on c.id = l.customer_id join staff.app_user u on u.id = c.manager_id
      where u.username = 'm01' and l.kind = 'main' and c.status = 'active' and l.status = 'active' and l.health = 'good'
        and c.call_consent is not distinct from ${consent}
        and not exists (select from calls.task t where t.customer_id = c.id and t.state = 'open') order by c.id limit ${count}`);
    return rows.map(({ number }) => number.slice('+86'.length));
  };

  const upload = async (page: Page, text: string): Promise<void> => {
    await page.goto('/imports');
    await page.locator('#feed').selectOption('segment');
    await page.locator('#segment').fill('speed-up');
    await page.locator('#segmentName').fill('宽带提速名单');
    await page.locator('#file').setInputFiles({ name: '宽带提速.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: '上传' }).click();
    await page.waitForURL(/\/imports\/\d+/);
    await province.letPass(0);
    await page.getByText('拒收的行').waitFor(); // the page looks again by itself
  };

  it('uploads a list and is told of every row that was refused, why, and gets it back as a file', async () => {
    const visitor = await province.arrive('planner1');
    const { page } = visitor;
    const good = [...(await numbersOf(true, WITH_CONSENT)), ...(await numbersOf(false, WITHOUT_CONSENT))];
    expect(good).toHaveLength(WITH_CONSENT + WITHOUT_CONSENT);
    const lines = ['手机号码,到期月,推荐套餐', ...good.map((number) => `${number},2026-12,千兆融合`), ...BAD_ROWS.map(({ row }) => row)];
    await upload(page, `${lines.join('\r\n')}\r\n`);
    for (const { reason } of BAD_ROWS) await page.locator('.sc-table', { hasText: reason }).first().waitFor();
    expect(await page.locator('main').innerText()).toContain(`已读${good.length + BAD_ROWS.length} = 新增 + 更新 + 未变 + 重复 + 拒收`);
    expect(await faultsOf(visitor, 'import')).toEqual([]);
    await page.setViewportSize({ width: 1024, height: 768 });
    expect(await faultsOf(visitor, 'import')).toEqual([]);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载rejects.csv' }).click()]);
    const rejects = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
    expect(rejects).toHaveLength(1 + BAD_ROWS.length);
    for (const { row } of BAD_ROWS) expect(rejects.some((line) => line.includes(row.split(',')[0] ?? ''))).toBe(true);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('makes a campaign of it, sees who is left out and why, and launches it onto the manager’s list', async () => {
    const visitor = await province.arrive('planner1');
    const { page } = visitor;
    await page.goto('/campaigns/new');
    await page.getByLabel('名称').fill('宽带提速');
    await page.getByLabel('编码').fill('speed-up');
    await page.getByLabel('开始日期').fill('2026-11-24');
    await page.getByRole('button', { name: '下一步：客户群' }).click();
    await page.getByLabel('名单', { exact: true }).fill('speed-up');
    await page.locator('#holdoutPercent').fill('0');
    await page.locator('#holdoutPercent').press('Tab');
    const result = page.locator('#result');
    await result.locator('.sc-bigsum b', { hasText: new RegExp(`^${WITH_CONSENT}$`) }).waitFor();
    expect(await result.locator('tr', { hasText: '未同意营销外呼' }).locator('td').first().innerText()).toBe(String(WITHOUT_CONSENT));
    expect(await faultsOf(visitor, 'planner-audience')).toEqual([]);
    await page.getByRole('button', { name: '下一步：话术' }).click();
    await page.locator('#opening').fill('您的宽带{{到期月}}到期，可以免费提到千兆。');
    await page.getByRole('button', { name: '下一步：外呼策略' }).click();
    await page.getByRole('button', { name: '下一步：短信' }).click();
    await page.getByRole('button', { name: '下一步：预演与启动' }).click();
    await page.getByRole('button', { name: `启动，打给这${WITH_CONSENT}人` }).click();
    await page.waitForURL('**/campaigns/speed-up');
    await province.letPass(0);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();

    const manager = await province.arrive('m01');
    await manager.page.goto('/today');
    await manager.page.locator('.sc-card', { hasText: '今天的进度' }).getByText('宽带提速').waitFor();
    await manager.page.getByRole('link', { name: /全部/ }).first().waitFor();
    expect(await manager.page.locator('.sc-card', { hasText: '今天的进度' }).innerText()).toContain(`0 / ${WITH_CONSENT}`);
    expect(manager.complaints).toEqual([]);
    await manager.leave();
  });

  it('sees at once how many a filter finds, before it has a name', async () => {
    const visitor = await province.arrive('planner1');
    const { page } = visitor;
    await page.goto('/segments/filter/new');
    const conditions = page.locator('select[id$="-new"]').first();
    const stars = await conditions.locator('optgroup[label="星级"] option').first().getAttribute('value');
    await conditions.selectOption(stars);
    await page.getByRole('button', { name: '添加' }).first().click();
    await page.locator('[name$=".value"]').first().fill('5');
    await page.locator('#count .sc-bigsum b').waitFor();
    expect(await faultsOf(visitor, 'planner-filter')).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it.each([1440, 1024] as const)('CAR-7 finds in the tariff catalogue what is on sale, at %i pixels', async (width) => {
    const visitor = await province.arrive('planner1', { width });
    const { page } = visitor;
    await page.goto('/imports');
    await page.getByRole('link', { name: '资费目录' }).click();
    await page.locator('tr', { hasText: '5G 畅享融合 239 元' }).getByText('100 GB').waitFor();
    expect(await faultsOf(visitor, 'offers')).toEqual([]);
    await page.getByLabel('类别').selectOption('流量包');
    await page.getByLabel('是否在售').selectOption('在售');
    await page.getByRole('button', { name: '查找' }).click();
    await page.waitForURL(/kind=data-pack/);
    expect(await page.locator('tbody th').allInnerTexts()).toEqual(['5G 流量包 5 GB', '5G 流量包 10 GB', '5G 流量包 20 GB', '5G 流量包 30 GB']);
    expect(await page.locator('.sc-rail [aria-current="page"]').innerText()).toContain('导入');
    await page.goto('/offers?q=%E6%97%A0%E6%AD%A4');
    await page.getByText('没有符合的资费').waitFor();
    expect(await faultsOf(visitor, 'offers-none')).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('FED-5 hands in dispatches, sees the balance of each sender, and takes the returns in the sender’s columns', async () => {
    const numbers = await numbersOf(true, 12);
    const header = '派单号,手机号码,活动,截止日期,来源系统,业务类型,地市';
    const deadline = (i: number): string => (i % 4 === 0 ? '2026-11-20' : i % 3 === 0 ? '2026-11-25' : '2026-12-10');
    const lines = numbers.map(
      (number, i) =>
        `P2026${i + 100},${number},${i < 6 ? 'birthday' : 'star-revisit'},${deadline(i)},${i % 2 ? '省BSS' : '集团客户关怀平台'},${i < 6 ? '生日关怀' : '星级回访'},东城`,
    );
    const visitor = await province.arrive('planner1');
    const { page } = visitor;
    await page.goto('/dispatches');
    await page.getByText('还没有派单').waitFor();
    await page.getByRole('link', { name: '上传派单' }).first().click();
    await page.locator('#file').setInputFiles({ name: '派单.csv', mimeType: 'text/csv', buffer: Buffer.from([header, ...lines].join('\n')) });
    await page.getByRole('button', { name: '上传' }).click();
    await page.waitForURL(/\/imports\/\d+/);
    await province.letPass(0);
    await page.getByText('一行不少').waitFor();
    expect(await faultsAt(visitor, '/dispatches', 'dispatches')).toEqual([]);
    const tile = (key: string): Promise<string> => page.locator(`#tile-${key} .sc-tile__v`).innerText();
    expect([await tile('dispatched'), await tile('returned'), await tile('open')]).toEqual(['12', '3', '9']);
    await page
      .getByRole('row', { name: /省BSS 星级回访/ })
      .getByRole('link')
      .first()
      .click();
    await page.waitForURL(/bizType=/);
    expect(await page.locator('#rows tbody tr').count()).toBe(3);
    expect(await faultsOf(visitor, 'dispatches-filtered')).toEqual([]);
    await page.goto('/dispatches');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载CSV' }).click()]);
    const returns = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
    expect(returns[0]).toBe(`${header},result,reason,finished_at,manager,attempts,correction,remark`);
    expect(returns).toHaveLength(1 + 3);
    await page.reload();
    expect(await tile('toTell')).toBe('0');
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });
});
