import type { Page } from 'playwright-core';
import { sql } from '../../src/platform/database/sql.js';
import { describeBrowser } from './browser.js';
import { faultsAt, faultsOf, Province } from './province.js';

const PATIENCE_MS = 120_000;

/** Which element has the focus: its name, else its words. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const one = document.activeElement as HTMLInputElement | null;
    return one?.name || one?.innerText?.trim() || '';
  });

/** Goes on by Tab alone until the focus is there. */
async function tabTo(page: Page, there: RegExp): Promise<void> {
  for (let i = 0; i < 80; i += 1) {
    if (there.test(await focused(page))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard never reaches ${String(there)}`);
}

/** Chooses in the list that has the focus, by the arrow keys. */
async function choose(page: Page, value: string): Promise<void> {
  const steps = await page.evaluate((wanted) => {
    const list = document.activeElement as HTMLSelectElement;
    return [...list.options].findIndex((option) => option.value === wanted) - Math.max(list.selectedIndex, list.multiple ? -1 : 0);
  }, value);
  for (let i = 0; i < steps; i += 1) await page.keyboard.press('ArrowDown');
}

describeBrowser('Who may be contacted, and who says so (GOV-1…8)', () => {
  let province: Province;
  let phone: string;
  let line: string;
  let customer: string;

  /** A customer of m01 with a full day, an opt-out of one product line and a refusal in the ledger. */
  beforeAll(async () => {
    province = await Province.open();
    const { db } = province.test;
    const row = await db.one<{ number: string; line: string; customer: string }>(sql`
      select l.number, l.id as line, l.customer_id as customer from calls.task t join customers.line l on l.id = t.line_id
      join customers.customer c on c.id = t.customer_id join staff.app_user u on u.id = t.owner_id
      where u.username = 'm01' and t.state = 'open' and t.callback_at is null and c.manager_id = u.id and t.due_on <= '2026-11-24'
      order by t.due_on, t.star desc, t.expected_value desc, t.id limit 1`);
    ({ line, customer } = row);
    phone = row.number.slice(3);
    const planner = await province.arrive('planner1');
    await planner.page.goto('/contact/blocks');
    await planner.page.locator('#phone').fill(phone);
    await planner.page.locator('#channel').selectOption('sms');
    await planner.page.locator('#scope').selectOption('product');
    await planner.page.locator('#productFamily').fill('broadband');
    await planner.page.locator('#reason').fill('客户要求');
    await planner.page.locator('#reason').press('Enter');
    await planner.page.getByText('已登记').waitFor();
    await planner.leave();
    for (const [minutes, source] of [
      [95, 'api:robot'],
      [30, 'desk'],
    ] as const)
      await db.run(sql`
        insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        select platform.uuid_v7(n.at), true, 'confirmed', ${customer}::bigint, ${row.number}, 'call', 'care', ${source}, n.at
        from (select ${province.test.clock.now()}::timestamptz - make_interval(mins => ${minutes}::int) as at) n`);
  }, PATIENCE_MS);

  afterAll(() => province.close());

  it(
    'every page holds together in both widths, in Chinese and English, without a barrier',
    async () => {
      const faults: string[] = [];
      for (const [who, paths] of [
        ['planner1', [`/contact/decisions?phone=${phone}`, `/contact/decisions/ledger?phone=${phone}`, '/contact/rules', '/contact/blocks']],
        ['supervisor1', ['/handover', '/handover?from=m01&to=m02&to=m03&moves=all']],
        ['m01', ['/today', `/customers/${customer}/lines/${line}/stop?campaign=5g-upgrade&back=/today`]],
      ] as const) {
        const visitor = await province.arrive(who);
        for (const [i, path] of paths.entries()) {
          const at = (language: string): string => `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
          faults.push(...(await faultsAt(visitor, at('zh'), `gate-${who}-${i}`)));
          await visitor.page.goto(at('en')); // the longer words in the narrower window
          faults.push(...(await faultsOf(visitor, `gate-${who}-${i}-en`)));
        }
        await visitor.page.goto('/account?lang=zh'); // the choice is kept with the person
        faults.push(...visitor.complaints);
        await visitor.leave();
      }
      expect(faults).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'a planner sets a rule by keyboard, and is told at the field where the limit of the administrators lies',
    async () => {
      const visitor = await province.arrive('planner1');
      const { page } = visitor;
      await page.goto('/contact/rules');
      const days = page.locator('[name="rests.afterRefusal"]');
      await tabTo(page, /^rests\.afterRefusal$/);
      await page.keyboard.press('Control+A');
      await page.keyboard.type('60');
      await page.keyboard.press('Enter');
      await page.getByText('不能少于硬限：90').first().waitFor();
      expect(await days.inputValue()).toBe('60');
      expect(await faultsOf(visitor, 'gate-rules-refused')).toEqual([]);
      await days.fill('120');
      await days.press('Enter');
      await page.getByText('已保存1项，立即生效').waitFor();
      await page.getByRole('cell', { name: '90 → 120' }).waitFor();
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
    PATIENCE_MS,
  );

  it(
    'a manager sees who had the customer today, and stops the number from her list without seeing it (R23, R24)',
    async () => {
      const visitor = await province.arrive('m01');
      const { page } = visitor;
      await page.goto('/today');
      const row = page.locator('tr', { has: page.locator(`a[href*="/lines/${line}/stop"]`) });
      await row.getByText('今天').waitFor();
      const link = row.locator('a.sc-iconlink');
      await link.focus();
      await page.keyboard.press('Enter');
      const dialog = page.locator('dialog[open]');
      await dialog.getByText('客户不要什么').waitFor();
      expect(await faultsOf(visitor, 'gate-stop-dialog')).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await link.evaluate((one) => one === document.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      await dialog.getByLabel('不要任何营销').waitFor();
      await dialog.getByRole('button', { name: '停止联系' }).press('Enter');
      await page.getByText(`已停止联系尾号${phone.slice(-4)}`).waitFor();
      expect(new URL(page.url()).pathname).toBe('/today');
      expect(await page.content()).not.toContain(phone);
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
    PATIENCE_MS,
  );

  it(
    'a planner says which column is which, by keyboard, and the file is taken (FED-2)',
    async () => {
      const visitor = await province.arrive('planner1');
      const { page } = visitor;
      await page.goto('/imports');
      await page.locator('#feed').selectOption('customers');
      const text = `联系方式,客户称呼,备注\n13500000001,张三,x\n13500000002,李四,y\n`;
      await page.locator('#file').setInputFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.getByRole('button', { name: '上传' }).click();
      await page.waitForURL(/\/imports\/\d+/);
      await page.getByRole('button', { name: /开始/ }).waitFor();
      const path = new URL(page.url()).pathname;
      expect(await faultsAt(visitor, `${path}?lang=en`, 'gate-mapping-en')).toEqual([]);
      expect(await faultsAt(visitor, `${path}?lang=zh`, 'gate-mapping')).toEqual([]);
      await tabTo(page, /^columns$/);
      await choose(page, 'phone');
      await page.keyboard.press('Tab');
      await choose(page, 'name');
      await tabTo(page, /开始/);
      await page.keyboard.press('Enter');
      await province.letPass(0);
      await page.getByText(/新增/).first().waitFor();
      expect(
        await province.test.db.rows(sql`select c.name from customers.customer c join customers.line l on l.customer_id = c.id
        where l.number in ('+8613500000001', '+8613500000002') order by l.number`),
      ).toEqual([{ name: '张三' }, { name: '李四' }]);
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
    PATIENCE_MS,
  );

  it(
    'a supervisor hands over by keyboard alone: sees first who would get what, then does it with a reason',
    async () => {
      const visitor = await province.arrive('supervisor1');
      const { page } = visitor;
      await page.goto('/handover');
      await tabTo(page, /^from$/);
      await choose(page, 'm01');
      await tabTo(page, /^to$/);
      await choose(page, 'm02');
      await tabTo(page, /先看看/);
      await page.keyboard.press('Enter');
      await page.locator('#preview-title').waitFor();
      const total = page.locator('tfoot td').first();
      expect(Number((await total.innerText()).replaceAll(',', ''))).toBeGreaterThan(0);
      await tabTo(page, /^why$/);
      await page.keyboard.type('产假');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/handover**');
      await page.getByText('已交接').waitFor();
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
    PATIENCE_MS,
  );
});
