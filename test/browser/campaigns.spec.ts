import type { Browser } from 'playwright-core';
import { addPeople, addSegment, type Bench, campaignForm, createBench } from '../e2e/campaigns/campaign-bench.js';
import { PASSWORD } from '../support/house.js';
import { describeBrowser, launchBrowser, Visitor } from './browser.js';

describeBrowser('A planner makes a campaign in a browser (CAM-1, CAM-2)', () => {
  let bench: Bench;
  let browser: Browser;

  beforeAll(async () => {
    [bench, browser] = await Promise.all([createBench(), launchBrowser()]);
    await addPeople(bench, [
      { name: '陈志远', star: 7, numbers: ['13800000001'] },
      { name: '王芳', star: 5, numbers: ['13800000002'] },
      { name: '李强', star: 5, numbers: ['13800000003'], consent: false },
      { name: '周敏', star: 3, numbers: ['13800000004'], manager: null },
      { name: '吴昊', star: 2, numbers: ['13800000005', '13800000015'] },
    ]);
    await addSegment(bench, 'broadband');
  });

  afterAll(async () => {
    await browser.close();
    await bench.test.close();
  });

  const arrive = async (who: string, options: Parameters<typeof Visitor.arrive>[2] = {}): Promise<Visitor> => {
    const visitor = await Visitor.arrive(browser, bench.test.url, options);
    visitor.page.setDefaultTimeout(8_000);
    await visitor.logIn(who, PASSWORD);
    return visitor;
  };

  it('walks the wizard from the first page to the running campaign, and ends it', async () => {
    const code = 'C2611-07';
    const visitor = await arrive('planner-e');
    const { page } = visitor;
    const look = async (name: string): Promise<void> => {
      await visitor.shot(name);
      expect(await visitor.barriers()).toEqual([]);
    };

    await page.goto('/campaigns');
    await look('campaigns');
    await page.getByRole('link', { name: '新建活动' }).first().click();
    await page.getByLabel('名称').fill('融合宽带提速');
    await page.getByLabel('编码').fill(code);
    await page.getByLabel('开始日期').fill('2026-11-01');
    await look('campaign-details');
    await page.getByRole('button', { name: '下一步：客户群' }).click();

    await page.getByLabel('名单', { exact: true }).fill('broadband');
    await page.getByLabel('名单', { exact: true }).press('Tab');
    await page.locator('#result').getByText('人进入名单').waitFor();
    await page.locator('#holdoutPercent').fill('0');
    expect(await page.locator('#result .sc-bigsum b').textContent()).toBe('3');
    await look('campaign-audience');
    await page.getByRole('button', { name: '下一步：话术' }).click();

    await page.locator('#opening').fill('我们为{{tier|您}}准备了新的宽带权益，{{到期月}}前有效。');
    await page.locator('#said').getByText('前有效').waitFor();
    await page.locator('input[name=branch0_title]').fill('七星版');
    await page.locator('input[name=branch0_stars][value="7"]').check();
    await page.locator('textarea[name=branch0_text]').fill('看到您上月消费{{arpu}}元。\n▸ 不方便就约时间');
    await page.locator('input[name=objection0_title]').fill('太贵了');
    await page.locator('textarea[name=objection0_text]').fill('按您的用量，合计每月反而少付。');
    await page.locator('#said').getByText('上月消费').waitFor();
    await look('campaign-script');
    await page.getByRole('button', { name: '下一步：外呼策略' }).click();

    await page.locator('#bandLower').fill('34');
    await page.locator('#bandUpper').fill('46');
    await look('campaign-policy');
    await page.getByRole('button', { name: '上一步：话术' }).click();
    expect(await page.locator('#opening').inputValue()).toContain('宽带权益');
    await page.getByRole('button', { name: '下一步：外呼策略' }).click();
    expect(await page.locator('#bandLower').inputValue()).toBe('34');
    await page.getByRole('button', { name: '下一步：短信' }).click();
    await page.getByRole('button', { name: '下一步：预演与启动' }).click();

    await look('campaign-launch');
    await page.getByRole('button', { name: '启动，打给这3人' }).click();
    await page.waitForURL(`**/campaigns/${code}`);
    await page.getByText('已启动').waitFor();
    await page.locator('#funnel .sc-empty, #funnel h2').first().waitFor();
    await look('campaign-running');
    for (const tab of ['名单', '话术', '变更记录']) {
      await page.getByRole('navigation', { name: '活动页面' }).getByRole('link', { name: tab }).click();
      await look(`campaign-tab-${tab}`);
    }
    await page.getByRole('link', { name: '结束' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('原因').waitFor();
    await look('campaign-close');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: '结束' }).evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.getByRole('link', { name: '不结束' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: '结束' }).click();
    await page.getByLabel('原因').fill('测试完成');
    await page.getByRole('button', { name: /结束活动/ }).click();
    await page.getByText('已结束', { exact: true }).waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  }, 180_000);

  it('reads well at 1024 pixels, in English, also where nothing runs yet', async () => {
    expect((await bench.planner.post('/campaigns', campaignForm('english', { segment: 'broadband' }))).status).toBe(201);
    const visitor = await arrive('planner-e', { width: 1024, locale: 'en-US' });
    for (const page of [
      '',
      '/english',
      '/english/list',
      '/english/edit/details',
      '/english/edit/audience',
      '/english/edit/script',
      '/english/edit/policy',
      '/english/edit/sms',
      '/english/waves',
      '/english/approval',
      '/english/edit/launch',
    ]) {
      await visitor.page.goto(`/campaigns${page}?lang=en`);
      await visitor.shot(`en-campaigns${page.replaceAll('/', '-')}`);
      expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      expect(await visitor.barriers()).toEqual([]);
    }
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  }, 180_000);
});
