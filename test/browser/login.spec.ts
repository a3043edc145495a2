import type { Browser } from 'playwright-core';
import { PASSWORD } from '../support/house.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { describeBrowser, launchBrowser, Visitor } from './browser.js';

describeBrowser('The login page in a browser', () => {
  let test: TestApp;
  let browser: Browser;

  beforeAll(async () => {
    [test, browser] = await Promise.all([createTestApp(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await test.close();
  });

  it.each([
    { width: 1440 as const, locale: 'zh-CN' as const },
    { width: 1024 as const, locale: 'en-US' as const },
  ])('opens without a complaint of the console and without a barrier, and lets in by keyboard: %o', async (options) => {
    const visitor = await Visitor.arrive(browser, test.url, options);
    await visitor.page.goto('/login');
    await visitor.shot(`login-${options.locale}`);
    expect(await visitor.barriers()).toEqual([]);
    await visitor.page.locator('input[name=username]').fill('admin');
    await visitor.page.locator('input[name=password]').fill(PASSWORD);
    await visitor.page.locator('input[name=password]').press('Enter');
    await visitor.page.waitForURL((url) => url.pathname !== '/login');
    await visitor.page.locator('main h1').waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('SYS-6 shows what was typed as a password on request, and sends it as a password', async () => {
    const visitor = await Visitor.arrive(browser, test.url);
    const { page } = visitor;
    await page.goto('/login');
    const typed = page.locator('input[name=password]');
    const show = page.getByRole('button', { name: '显示密码' });
    await typed.fill(PASSWORD);
    await show.click();
    expect([await typed.getAttribute('type'), await show.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
    expect(await typed.getAttribute('spellcheck')).toBe('false'); // else what is shown goes to the checker of the browser's maker
    await visitor.shot('login-shown');
    expect(await visitor.barriers()).toEqual([]);
    await show.click();
    expect([await typed.getAttribute('type'), await show.getAttribute('aria-pressed')]).toEqual(['password', 'false']);
    await show.click();
    const sentAs = page.evaluate(
      () => new Promise((tell) => document.addEventListener('submit', () => tell(document.querySelector<HTMLInputElement>('#pw')?.type))),
    );
    await page.evaluate(() => document.querySelector('form')?.addEventListener('submit', (event) => event.preventDefault()));
    await page.locator('input[name=username]').fill('admin');
    await typed.press('Enter');
    expect(await sentAs).toBe('password');
    await visitor.leave();
  });
});
