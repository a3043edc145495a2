import type { Browser, Page } from 'playwright-core';
import { CareWorld, contacted, person, type Person, roamed } from '../e2e/care/care-world.js';
import { PASSWORD } from '../support/house.js';
import { describeBrowser, launchBrowser, Visitor } from './browser.js';

/** Labels of the chart that reach beyond its edge, where they are not seen. */
const cutLabels = (page: Page): Promise<(string | null)[]> =>
  page.locator('.sc-chart svg').evaluate((chart) => {
    const { left, right } = chart.getBoundingClientRect();
    const beyond = (box: DOMRect): boolean => box.right > right || box.left < left;
    return [...chart.querySelectorAll('text')].filter((text) => beyond(text.getBoundingClientRect())).map((text) => text.textContent);
  });

describeBrowser('A planner plans the care of a day in a browser (CAR-1, CAR-4, CAR-6, CAR-11)', () => {
  let world: CareWorld;
  let browser: Browser;
  let customer: Person;

  beforeAll(async () => {
    [world, browser] = await Promise.all([CareWorld.open({ autoStart: true }), launchBrowser()]);
    const { db } = world.test;
    customer = await person(db, { star: 7, birthday: { calendar: 'solar', month: 11, day: 24 } });
    await roamed(db, customer, { month: '2026-10-01', days: 4, feeFen: 12_300 });
    for (let n = 0; n < 20; n++) {
      const who = await person(db, { star: (n % 7) + 1, manager: n % 9 === 0 ? null : 'm01' });
      if (n % 2 === 0) await contacted(db, who, { on: '2026-09-10' });
    }
    await (await world.house('admin')).patch('/users/m01', { dailyCapacity: 2 });
    await world.enable('birthday');
    await world.enable('roaming-return');
  });

  afterAll(async () => {
    await browser.close();
    await world.test.close();
  });

  async function arrive(who: string, options: Parameters<typeof Visitor.arrive>[2] = {}): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, world.test.url, options);
    visitor.page.setDefaultTimeout(15_000);
    await visitor.logIn(who, PASSWORD);
    return visitor;
  }

  it('enables the star revisit, runs the plan, and reads why a customer is called', async () => {
    const visitor = await arrive('planner-e');
    const { page } = visitor;
    const look = async (name: string): Promise<void> => {
      await visitor.shot(name);
      expect(await visitor.barriers()).toEqual([]);
    };
    await page.goto('/care');
    await look('care-empty');
    await page.getByRole('link', { name: '星级回访', exact: true }).click();
    await page.getByRole('checkbox', { name: '启用' }).check();
    await page.getByLabel('提前安排（天）').fill('60');
    await look('care-rule');
    await page.getByRole('button', { name: '保存为新版本' }).click();
    await page.getByText('已保存为v2').waitFor();
    await page.goto('/care');
    await page.getByRole('button', { name: '运行今天的计划' }).click();
    await page.getByText('完成', { exact: true }).waitFor();
    await look('care-run');
    await page.getByRole('link', { name: '返回关怀' }).click();
    await look('care');
    await page.goto(`/care/explain?phone=${encodeURIComponent(customer.phone)}`);
    await page.getByText('已安排').first().waitFor();
    await look('care-explain');
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('CAR-12 tries a rule with other settings before switching it on, and sees whose days pass capacity', async () => {
    const { db } = world.test;
    for (let n = 0; n < 4; n++) await person(db, { star: 7, manager: 'm02', birthday: { calendar: 'solar', month: 12, day: 9 } });
    await (await world.house('admin')).patch('/users/m02', { dailyCapacity: 3 });
    for (const width of [1440, 1024] as const) {
      const visitor = await arrive('planner-e', { width });
      const { page } = visitor;
      await page.goto('/care');
      await page.getByRole('link', { name: '90天负荷' }).click();
      await page.locator('.sc-heat').waitFor();
      await visitor.shot('care-forecast');
      expect(await visitor.barriers()).toEqual([]);
      await page.goto('/care/rules/silent');
      await page.getByRole('button', { name: '预演' }).click();
      await page.getByText('预演：沉默客户').first().waitFor();
      expect(await page.locator('.sc-chart svg').count()).toBe(1);
      expect(await cutLabels(page)).toEqual([]);
      expect(await page.locator('.sc-heat .ld6, .sc-heat .ld7').count()).toBeGreaterThan(0);
      await visitor.shot('care-forecast-draft');
      expect(await visitor.barriers()).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    }
  });

  it('with scripts off, in English, on a smaller screen', async () => {
    const visitor = await arrive('supervisor-e', { javaScript: false, width: 1024, locale: 'en-US' });
    const { page } = visitor;
    for (const [path, name] of [
      ['/care?lang=en', 'care-en'],
      ['/care/rules/birthday', 'care-rule-en'],
      ['/care/forecast?rule=birthday', 'care-forecast-en'],
      [`/care/explain?phone=${encodeURIComponent(customer.phone)}`, 'care-explain-en'],
    ] as const) {
      await page.goto(path);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      await visitor.shot(name);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    }
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });
});
