import type { Page } from 'playwright-core';
import { sql } from '../../src/platform/database/sql.js';
import { describeBrowser, type Visitor } from './browser.js';
import { TUESDAY_10 } from '../support/test-app.js';
import { faultsOf, Province } from './province.js';

interface Call {
  /** What is pressed before the call is saved; `~` types the words behind it. */
  keys: string[];
  outcome: string;
  save?: 'Control+Enter';
}

const call = (outcome: string, ...keys: string[]): Call => ({ outcome, keys });
/** A morning of a manager: most people do not answer, some talk, one buys, one is called again tomorrow at ten. */
const MORNING: readonly Call[] = [
  call('no_answer', 'q'),
  call('already_has', '6', 'ArrowDown', 'Escape'),
  call('reached', 'g', 'h', '3'),
  call('busy', 'w'),
  call('interested', '2', 'ArrowDown', 'Escape'),
  call('callback', 'b', '3'),
  call('powered_off', 'e'),
  call('refused', '5', 'ArrowDown', 'Escape', 'n', '~家里已经有宽带了', 'Escape'),
  call('converted', 'o', '~99元融合套餐', 'Enter', '1', '4', '5', '6'),
  call('no_answer', 'q'),
  call('reached', ']', '[', 't', '1', 'Escape', '3'),
  call('rejected', 'd'),
  call('no_answer', 'x', 'q'),
  call('cut_off', 's'),
  call('wrong_person', '7'),
  call('no_answer', 'q'),
  call('reached', '3'),
  call('suspended', 'r'),
  call('no_answer', 'q'),
  call('reached', '3', 'p', 'ArrowDown', 'Escape'),
];

describeBrowser('A manager works through the day (TEL-1, TEL-3, CAM-6)', () => {
  let province: Province;

  beforeAll(async () => {
    province = await Province.open();
  });

  afterAll(() => province.close());

  const customerOf = async (page: Page): Promise<string> => (await page.locator('.sc-who h2').innerText()).trim();
  const recordedBy = async (who: string): Promise<{ outcome: string; callbackAt: Date | null; note: string | null; product: string | null }[]> =>
    province.test.db.rows(sql`
      select a.outcome, t.callback_at as "callbackAt", a.note, o.product
      from calls.attempt a join calls.task t on t.id = a.task_id join staff.app_user u on u.id = a.manager_id left join calls.sales_order o on o.attempt_id = a.id
      where u.username = ${who} and a.created_at > ${new Date(TUESDAY_10)} order by a.created_at`);

  /** A minute later, presses keys that save, and waits for the page that follows. @returns milliseconds until the server had answered */
  const saveWith = async (page: Page, key: string): Promise<number> => {
    province.test.clock.advance(60_000);
    const answered = page.waitForResponse((response) => response.request().resourceType() === 'document' && response.status() === 200);
    await page.keyboard.press(key);
    const response = await answered;
    await page.waitForLoadState();
    const { responseStart, requestStart } = response.request().timing();
    return Math.round(responseStart - requestStart);
  };

  const startCalling = async (visitor: Visitor): Promise<void> => {
    await visitor.page.goto('/today');
    await visitor.page.keyboard.press('Enter');
    await visitor.page.locator('#attempt').waitFor();
  };

  it('sees callbacks before everything else on the day', async () => {
    const visitor = await province.arrive('m01');
    const { page } = visitor;
    await page.goto('/');
    expect(new URL(page.url()).pathname).toBe('/today');
    const titles = await page.locator('main h2').allInnerTexts();
    expect(titles.indexOf('答应过的事')).toBe(0);
    expect(titles.indexOf('今日名单')).toBe(1);
    expect(await page.locator('.sc-item__time').count()).toBeGreaterThan(0);
    expect(await faultsOf(visitor, 'today')).toEqual([]);
    await page.setViewportSize({ width: 1024, height: 768 });
    expect(await faultsOf(visitor, 'today')).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('CAM-5 calls twenty customers one after the other with the keyboard alone', async () => {
    const visitor = await province.arrive('m02');
    const { page } = visitor;
    await startCalling(visitor);
    expect(await faultsOf(visitor, 'desk')).toEqual([]);
    const took: number[] = [];
    const met = [await customerOf(page)];
    for (const { keys, save } of MORNING) {
      for (const key of keys) await (key.startsWith('~') ? page.keyboard.type(key.slice(1)) : page.keyboard.press(key));
      took.push(await saveWith(page, save ?? 'Enter'));
      met.push(await customerOf(page));
      await page.locator('.sc-queue__h', { hasText: `上一条 ${met.at(-2)?.split(/\s/)[0]}` }).waitFor();
    }
    expect(new Set(met).size).toBe(MORNING.length + 1);
    const made = await recordedBy('m02');
    expect(made.map(({ outcome }) => outcome)).toEqual(MORNING.map(({ outcome }) => outcome));
    expect(made.find(({ outcome }) => outcome === 'callback')?.callbackAt).toEqual(new Date('2026-11-25T10:00:00+08:00'));
    expect(made.find(({ outcome }) => outcome === 'refused')?.note).toBe('家里已经有宽带了');
    expect(made.find(({ outcome }) => outcome === 'converted')?.product).toBe('99元融合套餐');
    await page.goto('/promises');
    await page.locator('tr[data-promise]', { hasText: '充值核查' }).waitFor();
    expect(await faultsOf(visitor, 'promises')).toEqual([]);
    await page.setViewportSize({ width: 1024, height: 768 });
    expect(await faultsOf(visitor, 'promises')).toEqual([]);
    // who is next may run off the strip, the call just made stays in sight
    await page.goto('/desk');
    const correct = await page.locator('#correct-last').boundingBox();
    expect((correct?.x ?? 0) + (correct?.width ?? 9_999)).toBeLessThanOrEqual(1024);
    console.info(`the next desk page was answered after ${took.join(', ')} ms`);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('is told at the field when a refusal has no reason, and keeps what she typed', async () => {
    const visitor = await province.arrive('m03');
    const { page } = visitor;
    await startCalling(visitor);
    const customer = await customerOf(page);
    await page.locator('#talkSeconds').fill('75');
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.keyboard.type('说太贵');
    await page.keyboard.press('Escape');
    await page.keyboard.press('5');
    expect(await page.locator('#reason').evaluate((select) => select === document.activeElement)).toBe(true);
    await page.locator('#reason').evaluate((select: HTMLSelectElement) => (select.required = false)); // as in a browser that does not check forms
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.getByText('“拒绝”须选原因').first().waitFor();
    expect(await customerOf(page)).toBe(customer);
    expect(await page.locator('#note').inputValue()).toBe('说太贵');
    expect((await page.locator('#timer').innerText()).split(/\s+/).slice(0, 2)).toEqual(['01:15', '整理中']);
    expect(await page.locator('#o-refused').isChecked()).toBe(true);
    expect(await faultsOf(visitor, 'desk-refused')).toEqual([]);
    await page.locator('#reason').selectOption({ index: 1 });
    await saveWith(page, 'Control+Enter');
    await page.locator('.sc-queue__h', { hasText: '：拒绝' }).waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('GOV-1 rings her telephone only while the gate says yes: a block noted meanwhile is said in place of the call', async () => {
    const visitor = await province.arrive('m06');
    const { page } = visitor;
    await startCalling(visitor);
    const pressed = async (): Promise<unknown> => {
      const answered = page.waitForResponse((response) => response.url().endsWith('/dial'));
      await page.locator('a[data-dial]').click();
      return (await answered).json();
    };
    const { href } = (await pressed()) as { href: string };
    expect(href).toBe(await page.locator('a[data-dial]').getAttribute('href'));
    await page.locator('#timer b', { hasText: '通话中' }).waitFor();
    province.test.clock.advance(10_000);
    await province.test.db.run(sql`
      insert into contact.block (number, channel, scope, reason, source, created_at) values (${href.slice(4)}, 'call', 'all', 'x', 'x', ${province.test.clock.now()})`);
    expect(await pressed()).toMatchObject({ error: { code: 'blocked' } });
    await page.locator('#timer b', { hasText: '免打扰' }).waitFor();
    expect(await faultsOf(visitor, 'desk-not-dialled')).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('promises a callback at a time of her choice, then corrects it', async () => {
    const visitor = await province.arrive('m04');
    const { page } = visitor;
    await startCalling(visitor);
    await page.keyboard.press('4');
    await page.locator('#box-callback.sc-box--on').waitFor();
    await page.setViewportSize({ width: 1024, height: 768 });
    const cut = await page
      .locator('#box-callback span.b')
      .evaluateAll((keys) => keys.filter((key) => key.scrollWidth > key.clientWidth).map((key) => key.textContent));
    expect(cut).toEqual([]);
    await page.locator('#cb-other').check();
    await page.locator('#callbackOther').fill('2026-11-24T22:30');
    await page.keyboard.press('Control+Enter');
    await page.getByText('在静默时段，最近可选').first().waitFor();
    expect(await faultsOf(visitor, 'desk-callback')).toEqual([]);
    await page.locator('#callbackOther').fill('2026-11-24T16:20');
    await saveWith(page, 'Control+Enter');
    await page.locator('.sc-queue__h', { hasText: '：约回拨' }).waitFor();
    expect(await recordedBy('m04')).toMatchObject([{ outcome: 'callback', callbackAt: new Date('2026-11-24T16:20:00+08:00') }]);

    await page.keyboard.press('z');
    await page.waitForURL('**/correct');
    expect(await faultsOf(visitor, 'correct')).toEqual([]);
    expect(await page.locator('#box-order').isVisible()).toBe(false); // only what the chosen outcome asks for, and no keys that do nothing here
    expect([await page.locator('#box-callback').isVisible(), await page.locator('main .sc-kbd:visible').allInnerTexts()]).toEqual([true, ['Esc']]);
    await page.getByLabel('为什么更正').fill('还没想好');
    await page.keyboard.press('Escape');
    expect(page.url()).toContain('/correct'); // the first leaves the field, nothing typed is lost
    await page.keyboard.press('Escape');
    await page.waitForURL('**/desk');
    await page.keyboard.press('z');
    await page.waitForURL('**/correct');
    await page.getByLabel('无人接').check();
    expect(await page.locator('#box-callback').isVisible()).toBe(false);
    await page.getByLabel('为什么更正').fill('按错了键');
    await page.getByRole('button', { name: '保存更正' }).click();
    await page.getByText('已更正，名单和数字已跟着改').waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('TIC-3 walks the tickets by keys, urges one and opens it, where she stood', async () => {
    const visitor = await province.arrive('m01');
    const { page } = visitor;
    await page.goto('/tickets');
    const second = (await page.locator('a[data-row]').nth(1).innerText()).trim();
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    await page.keyboard.press('?');
    await page.getByText('J、K 上下走').waitFor();
    await page.keyboard.press('Escape');
    const urged = page.waitForURL('**/tickets?*at=*');
    await page.keyboard.press('u');
    await urged;
    expect(await faultsOf(visitor, 'ticket-keys')).toEqual([]);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.row)).toBe(second);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/tickets/${second}`);
    await page
      .getByText(/催[1-9]次/)
      .first()
      .waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('works at a browser without scripts', async () => {
    const visitor = await province.arrive('m05', { javaScript: false, width: 1024 });
    const { page } = visitor;
    await page.goto('/today');
    await page.getByRole('button', { name: '开始外呼' }).click();
    const first = await customerOf(page);
    await page.getByLabel('约回拨', { exact: true }).check();
    await page.locator('input[name=callbackAt]').first().check();
    await page.getByLabel(/备注/).fill('下午方便');
    await visitor.shot('desk-without-scripts');
    province.test.clock.advance(60_000);
    await page.locator('#save').click();
    expect(await customerOf(page)).not.toBe(first);
    await page.getByLabel('拒绝').check();
    await page.locator('#save').click();
    await page.getByText('“拒绝”须选原因').first().waitFor();
    await page.locator('#reason').selectOption({ index: 1 });
    province.test.clock.advance(60_000);
    await page.locator('#save').click();
    await page.getByRole('link', { name: /更正/ }).click();
    await page.getByLabel('忙线').check();
    await page.getByLabel('为什么更正').fill('选错了');
    await page.getByRole('button', { name: '保存更正' }).click();
    await page.getByText('已更正，名单和数字已跟着改').waitFor();
    expect((await recordedBy('m05')).map(({ outcome }) => outcome)).toHaveLength(2);
    await visitor.leave();
  });
});
