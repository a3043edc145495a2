import type { Browser } from 'playwright-core';
import { GatewaysCommands } from '../../src/messaging/gateways/gateways.commands.js';
import { RepliesCommands } from '../../src/messaging/replies/replies.commands.js';
import { sql } from '../../src/platform/database/sql.js';
import { drainJobs } from '../support/drain-jobs.js';
import { PASSWORD } from '../support/house.js';
import { addCrowd, addCustomer, addSegment, addTemplate, numberOf, openPostOffice, type PostOffice } from '../e2e/messaging/post-office.js';
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
    await planner.page.getByLabel(/客群/).fill('upgrade');
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
    await planner.page.getByLabel('客群', { exact: true }).fill('crowd');
    await planner.page.locator('#segment-chosen', { hasText: '403个号码' }).waitFor();
    expect(await planner.page.locator('#segment-choices option').count()).toBe(1);
    await looksRight(planner, 'sms-blast-new');
    await planner.page.getByRole('button', { name: '存为草稿' }).click();
    await planner.page.getByText('还没开始').waitFor();
    await looksRight(planner, 'sms-blast-draft');
    await planner.page.getByRole('link', { name: '开始发送' }).click();
    await planner.page.getByText('人发送“首轮”？').waitFor();
    await looksRight(planner, 'sms-blast-start');
    await planner.page.getByRole('button', { name: '开始发送，403人' }).click();
    await planner.page.getByText('名单 403 人').waitFor();
    await looksRight(planner, 'sms-blast-queued');
    await planner.page.getByRole('button', { name: '暂停' }).focus();
    await planner.page.waitForResponse(/first-round\/progress/);
    await planner.page.waitForResponse(/first-round\/progress/);
    expect(await planner.page.evaluate(() => document.activeElement?.id)).toBe('act-pause');
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

  it('SMS-2, SMS-3 a draft is looked at on its whole list while the page follows, and approved by a second person', async () => {
    const { db } = office.test;
    const admin = await office.house('admin');
    await addCustomer(db, numberOf(1004), { name: '于洋', star: 3, package: null });
    await addCustomer(db, numberOf(1005), { name: '王😀', star: 5, package: `畅享融合${'超级'.repeat(14)}199元` });
    await addSegment(db, 'mixed', [1001, 1002, 1003, 1004, 1005].map(numberOf));
    await addTemplate(office, 'package-news', '{{name}}您好，您的{{package}}本月流量已近用完，加装10GB流量包仅15元，当月有效，详询10000');
    await office.planner.patch('/sms/templates/package-news', {
      signature: '中国电信',
      body: '{{honorific}}您好，您的{{package}}本月流量快用完了，加装10GB流量包仅15元',
    });
    await office.planner.post('/sms/blasts', { code: 'mixed', name: '流量包首轮', template: 'package-news', segment: 'mixed', gateway: 'simulator' });
    await admin.patch('/sms/gateways/simulator/price', { partPrice: 0.035, billedOn: 'submit' });
    const rule = { orderDays: 7, optOutDays: 7, complaintDays: 7, guardFrom: 1000, approveAbove: 2 };
    await admin.put('/sms/blast-rule', rule);
    await admin.post('/sms/filings/signatures', { signature: '中国电信', expiresOn: '2026-12-10', filingNo: '苏通签20260188' });
    await admin.post('/sms/filings/signatures', { signature: '江苏电信', gateway: 'simulator', expiresOn: '2026-10-31' });
    await office.planner.post('/sms/filings/templates', { template: 'package-news', gateway: 'simulator', expiresOn: '2027-11-24' });
    const planner = await arrive('planner-e');
    await planner.page.goto('/sms/blasts/mixed');
    await planner.page.getByRole('button', { name: '核对名单' }).click();
    await planner.page.getByText('正在点名单').waitFor();
    await looksRight(planner, 'sms-check-live');
    await drainJobs(office.test.app);
    await planner.page.getByText('1位客户没有 package 的值').waitFor();
    await planner.page.getByText('package 太长').waitFor();
    await looksRight(planner, 'sms-check');
    await office.planner.post('/sms/test-numbers', { phone: '139 1111 0001', label: '小顾的手机' });
    await planner.page.reload();
    await planner.page.getByLabel('按谁的内容').selectOption({ index: 1 });
    await planner.page.getByRole('button', { name: '试发' }).click();
    await planner.page.getByText('已试发到1个号码').waitFor();
    await looksRight(planner, 'sms-tested');
    await planner.page.getByRole('link', { name: '申请审批' }).first().click();
    await planner.page.getByLabel(/说明/).fill('双十二前的流量包提醒');
    await looksRight(planner, 'sms-approval-ask');
    await planner.page.getByRole('button', { name: '申请审批，发给5人' }).click();
    await planner.page.getByText('待批', { exact: true }).first().waitFor();
    const supervisor = await arrive('supervisor-e');
    await supervisor.page.goto('/sms/approvals');
    await looksRight(supervisor, 'sms-approvals');
    await supervisor.page.getByRole('link', { name: '流量包首轮' }).click();
    await looksRight(supervisor, 'sms-approval');
    await supervisor.page.getByRole('button', { name: '批准', exact: true }).click();
    await supervisor.page.getByText('已批准，计划员可以开始发送').waitFor();
    const boss = await arrive('admin');
    for (const [path, name] of [
      ['/sms/filings', 'sms-filings'],
      ['/sms/test-numbers', 'sms-test-numbers'],
      ['/sms/wording', 'sms-wording'],
      ['/sms/settings', 'sms-settings'],
      ['/sms/templates/package-news/versions', 'sms-versions'],
      ['/sms/blasts/mixed/edit', 'sms-blast-edit'],
    ] as const) {
      await boss.page.goto(path);
      await looksRight(boss, name);
    }
    await Promise.all([planner.leave(), supervisor.leave(), boss.leave()]);
  }, 90_000);

  it('R21 what no rule understood is decided with a key that chooses and Enter that does it, and the next one stands ready', async () => {
    const { app, db } = office.test;
    const replies = app.get(RepliesCommands, { strict: false });
    for (const [i, body] of ['考虑一下', '这是什么'].entries())
      await db.tx((tx) => replies.receive(tx, 'simulator', { ref: `key-${i}`, number: numberOf(1001 + i), body }));
    const planner = await arrive('planner-e');
    await planner.page.goto('/replies');
    await planner.page.getByText('“考虑一下”').waitFor();
    await planner.page.keyboard.press('t');
    await planner.page.keyboard.press('k');
    await planner.page.keyboard.press('Enter');
    await planner.page.getByText('“考虑一下”').waitFor({ state: 'detached' });
    await planner.page.getByText('“这是什么”').waitFor();
    await planner.page.keyboard.press('t');
    await planner.page.keyboard.press('Enter');
    await planner.page.getByText('没有待确认的回复').waitFor();
    await looksRight(planner, 'sms-replies-decided');
    const decided = await db.rows(sql`select body, decision from messaging.reply where gateway_ref like 'key-%' order by id`);
    expect(decided).toEqual([
      { body: '考虑一下', decision: 'kept' },
      { body: '这是什么', decision: 'opt_out' },
    ]);
    await planner.leave();
  }, 90_000);

  /** Two of the first round whose answers were lost some time ago. */
  const lose = (): Promise<number> =>
    office.test.db.run(sql`
      with lost as (
        select r.blast_id, r.line_id, r.message_id from messaging.recipient r join messaging.blast b on b.id = r.blast_id
        where b.code = 'first-round' and r.state = 'delivered' limit 2
      ), doubted as (
        update messaging.message set state = 'in_doubt', finished_at = null, created_at = created_at - interval '1 hour' where id in (select message_id from lost)
      )
      update messaging.recipient r set state = 'in_doubt', reason = 'in_doubt' from lost l where r.blast_id = l.blast_id and r.line_id = l.line_id`);

  it('at 1024 and in English', async () => {
    expect(await lose()).toBe(2);
    const planner = await arrive('planner-e', { width: 1024, locale: 'en-US' });
    for (const [path, name] of [
      ['/sms/templates?lang=en', 'sms-templates-en'],
      ['/sms/templates/upgrade-239?segment=upgrade', 'sms-template-en'],
      ['/sms/blasts', 'sms-blasts-en'],
      ['/sms/blasts/first-round', 'sms-blast-en'],
      ['/sms/blasts/first-round/doubts', 'sms-doubts-en'],
      ['/sms/blasts/mixed', 'sms-check-en'],
      ['/sms/blasts/mixed/approval', 'sms-approval-en'],
      ['/sms/filings', 'sms-filings-en'],
      ['/sms/wording', 'sms-wording-en'],
      ['/sms/test-numbers', 'sms-test-numbers-en'],
      ['/sms/settings', 'sms-settings-en'],
      ['/sms/templates/package-news/versions', 'sms-versions-en'],
    ] as const) {
      await planner.page.goto(path);
      await looksRight(planner, name);
    }
    await planner.leave();
  }, 90_000);
});
