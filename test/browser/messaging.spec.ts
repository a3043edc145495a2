import type { Browser } from 'playwright-core';
import { GatewaysCommands } from '../../src/messaging/gateways.commands.js';
import { drainJobs } from '../support/drain-jobs.js';
import { PASSWORD } from '../support/house.js';
import { addCrowd, addCustomer, addSegment, numberOf, openPostOffice, type PostOffice } from '../e2e/messaging/post-office.js';
import { describeBrowser, launchBrowser, Visitor, type VisitorOptions } from './browser.js';

const BODY =
  '{{honorific}}您好，您10月流量用了{{used_gb}}GB，换成畅享融合239元档，每月含100GB，按您近三个月用量每月可省{{save}}元。办理请回复8，或致电您的客户经理{{manager.name}}{{manager.phone}}。';

describeBrowser('Writing a message, sending it, watching it arrive (SMS-1…3)', () => {
  let office: PostOffice;
  let browser: Browser;

  beforeAll(async () => {
    [office, browser] = await Promise.all([openPostOffice(), launchBrowser()]);
    const { db } = office.test;
    await addCrowd(db, 400);
    await addCustomer(db, numberOf(1001), { name: '陈志远', star: 7 });
    await addCustomer(db, numberOf(1002), { name: '欧阳若曦', gender: 'female', star: 4, manager: 'm02' });
    await addCustomer(db, numberOf(1003), { name: '于洋', star: 3, consent: false });
    const three = [1001, 1002, 1003].map(numberOf);
    const attributes = Object.fromEntries(three.map((number) => [number, { used_gb: '62.4', save: '5.10' }]));
    await addSegment(db, 'upgrade', three, attributes);
    await addSegment(db, 'crowd', [...three, ...Array.from({ length: 400 }, (_, i) => numberOf(i + 1))]);
    await office.test.app.get(GatewaysCommands, { strict: false }).configureSimulator('simulator', { undelivered: 0.05, rejected: 0.02 });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await office.test.close();
  });

  async function arrive(username: string, options: VisitorOptions = {}): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, office.test.url, options);
    await visitor.logIn(username, PASSWORD);
    return visitor;
  }

  async function looksRight(visitor: Visitor, name: string): Promise<void> {
    await visitor.shot(name);
    expect(await visitor.barriers()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  }

  it('a planner writes it, sees three customers, and a supervisor approves', async () => {
    const planner = await arrive('planner-e');
    await planner.page.goto('/sms/templates/new');
    await planner.page.getByLabel('名称').fill('流量升档 239');
    await planner.page.getByLabel('编码').fill('upgrade-239');
    await planner.page.getByLabel('正文').fill(BODY);
    await looksRight(planner, 'sms-template-new');
    await planner.page.getByRole('button', { name: '保存草稿，去预览' }).click();
    await planner.page.getByText('没有叫 used_gb 的变量').waitFor();
    await looksRight(planner, 'sms-template-faults');
    await planner.page.getByLabel(/客群/).selectOption('upgrade');
    await planner.page.getByRole('button', { name: '预览' }).last().click();
    await planner.page.getByText('【中国电信】陈先生您好').waitFor();
    await looksRight(planner, 'sms-template');
    await planner.page.getByRole('button', { name: '{{today}}' }).click();
    expect(await planner.page.getByLabel('正文').inputValue()).toContain('{{today}}');
    const supervisor = await arrive('supervisor-e', { javaScript: false });
    await supervisor.page.goto('/sms/templates/upgrade-239');
    await supervisor.page.getByRole('button', { name: '批准 v1' }).click();
    await supervisor.page.getByText('v1 已批准').waitFor();
    await Promise.all([planner.leave(), supervisor.leave()]);
  }, 90_000);

  it('a blast moves on the page by itself, and a number opens its rows', async () => {
    const planner = await arrive('planner-e');
    await planner.page.goto('/sms/blasts/new');
    await planner.page.getByLabel('名称').fill('首轮');
    await planner.page.getByLabel('编码').fill('first-round');
    await planner.page.getByLabel(/模板/).selectOption('birthday');
    await planner.page.getByLabel('客群', { exact: true }).selectOption('crowd');
    await looksRight(planner, 'sms-blast-new');
    await planner.page.getByRole('button', { name: '存为草稿' }).click();
    await planner.page.getByText('还没开始').waitFor();
    await looksRight(planner, 'sms-blast-draft');
    await planner.page.getByRole('button', { name: '开始发送' }).click();
    await planner.page.getByText('名单 403 人').waitFor();
    await looksRight(planner, 'sms-blast-queued');
    await drainJobs(office.test.app);
    office.test.clock.advance(1500);
    await drainJobs(office.test.app);
    await planner.page.getByText('网络已确认').or(planner.page.getByText(/中位/)).first().waitFor();
    await planner.shot('sms-blast-running');
    await office.pass(1);
    await planner.page.getByText('100.0%').waitFor();
    await planner.page.reload();
    await looksRight(planner, 'sms-blast-done');
    await planner.page.getByRole('link', { name: /失败/ }).click();
    await looksRight(planner, 'sms-blast-messages');
    expect(await planner.page.locator('tbody tr').count()).toBeGreaterThan(5);
    await planner.leave();
  }, 90_000);

  it('at 1024 and in English', async () => {
    const planner = await arrive('planner-e', { width: 1024, locale: 'en-US' });
    for (const [path, name] of [
      ['/sms/templates?lang=en', 'sms-templates-en'],
      ['/sms/templates/upgrade-239?segment=upgrade', 'sms-template-en'],
      ['/sms/blasts', 'sms-blasts-en'],
      ['/sms/blasts/first-round', 'sms-blast-en'],
    ] as const) {
      await planner.page.goto(path);
      await looksRight(planner, name);
    }
    await planner.leave();
  }, 90_000);
});
