import { readFile } from 'node:fs/promises';
import ExcelJS from 'exceljs';
import type { Page } from 'playwright-core';
import { describeBrowser } from './browser.js';
import { faultsAt, faultsOf, Province } from './province.js';

const CAMPAIGN = '5g-upgrade';
/** Many pages in one test, on a machine that may be busy. */
const PATIENCE_MS = 300_000;
/** The place of a figure among the columns of the table. */
const ATTEMPTS = 1;
const CONNECTED = 2;

/** `{list}` stands for the first row of a list: a number nobody can know beforehand. */
const PAGES: Record<string, readonly string[]> = {
  supervisor1: [
    '/campaigns',
    `/campaigns/${CAMPAIGN}`,
    `/campaigns/${CAMPAIGN}/list`,
    `/campaigns/${CAMPAIGN}/script`,
    `/campaigns/${CAMPAIGN}/history`,
    `/campaigns/${CAMPAIGN}/uplift`,
    '/orders',
    '/tickets/limits',
    '/live',
    '/reports/breaches',
    '/reports/providers',
    '/reports/funnel?compare=1&from=2026-11-01&to=2026-11-30&columns=all',
    '/reports/metrics',
    '/reports/productivity?metric=callbacksPromised',
    '/reports/monthly',
    '/reports/bulletins',
    `/campaigns/${CAMPAIGN}/waves`,
    `/campaigns/${CAMPAIGN}/sms-step`,
    `/campaigns/${CAMPAIGN}/pool`,
    '/campaign-approvals',
    '/care',
    '/tickets',
    '/tickets/new',
    '{/customers}',
    '/rota',
    '/rota/people/m01',
  ],
  planner1: [
    '/campaigns/new',
    `/campaigns/${CAMPAIGN}/close`,
    '/care/rules/star-revisit',
    '/care/explain',
    '/care/events',
    '/care/events/new',
    '/care/partner-offers',
    '/care/partner-offers/new',
    '/customers/star-rights',
    '/care/forecast',
    '/care/forecast/level',
    '/care/missed',
    '/care/promotions',
    '/dispatches',
    '/care/coverage?part=due',
    '/care/forecast/contacts?channel=call',
    '/care/greetings',
    '/care/closing-lines',
    '/care/plan-runs/1',
    '/segments',
    `/segments/${CAMPAIGN}`,
    '/imports',
    '/sms/templates/new',
    '/sms/blasts',
    '/sms/blasts/new',
    '/contact/decisions',
    '/contact/blocks',
    '/account',
    '/calendar',
    '/exports',
    '/retention',
    '{/retention}',
    '/retention/setup',
    '/retention/setup/health',
    '/retention/models',
    '/retention/analysis',
  ],
  m01: [
    '/today',
    '/desk',
    '/customers',
    '{/customers}',
    '{/customers}/edit',
    '{/customers}/partner-offers',
    '/contact/decisions',
    '/account/absences',
  ],
  admin: [
    '/admin/users',
    '/admin/users/m01',
    '/admin/org-units',
    '/admin/settings',
    '/admin/outcomes',
    '/admin/outcomes/new',
    '/admin/outcomes/already_has',
    '/admin/roles',
    '/admin/roles/planner',
    '/admin/calendar',
    '/admin/tokens',
    '/admin/jobs',
    '/admin/webhooks',
    '/admin/cti-keys',
    '/orders/settings',
    '/admin/audit',
    '/exports',
    '/exports/settings',
    '/campaign-approvals/rule',
  ],
  client1: [
    '/care/greetings',
    '/reports/funnel',
    '/campaigns',
    '/campaign-approvals',
    `/campaigns/${CAMPAIGN}`,
    '/sms/templates',
    '/sms/blasts',
    '/exports',
  ],
};

const number = (text: string): number => Number(text.replaceAll(',', '').trim());

describeBrowser('A supervisor reads the funnel (REP-1, REP-2, REP-4)', () => {
  let province: Province;

  beforeAll(async () => {
    province = await Province.open();
  });

  afterAll(() => province.close());

  /** The funnel's table as it stands: label and figures of each row, the total last. */
  const tableOf = (page: Page): Promise<string[][]> =>
    page
      .locator('#t-funnel')
      .evaluate((table: HTMLTableElement) =>
        [...table.querySelectorAll<HTMLTableRowElement>('tbody tr, tfoot tr')].map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
      );

  const addressOf = async (page: Page, path: string): Promise<string> => {
    const list = /^\{(.+)\}/.exec(path)?.[1];
    if (!list) return path;
    await page.goto(list);
    return path.replace(`{${list}}`, (await page.locator('main tbody th a').first().getAttribute('href')) ?? '');
  };

  it(
    'sees the same sums by manager, hour and day, as chart and as table',
    async () => {
      const visitor = await province.arrive('supervisor1');
      const { page } = visitor;
      const totals: string[][] = [];
      for (const by of ['manager', 'hour', 'day']) {
        expect(await faultsAt(visitor, `/reports/funnel?campaign=${CAMPAIGN}&by=${by}`, `funnel-${by}`)).toEqual([]);
        expect(await page.locator('.sc-chart svg').count()).toBe(1);
        const rows = await tableOf(page);
        const total = rows.pop() ?? [];
        expect(rows.length).toBeGreaterThan(5);
        expect(rows.reduce((sum, row) => sum + number(row[ATTEMPTS] ?? ''), 0)).toBe(number(total[ATTEMPTS] ?? ''));
        totals.push(total);
      }
      expect(totals[1]).toEqual(totals[0]);
      expect(totals[2]).toEqual(totals[0]);
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
    PATIENCE_MS,
  );

  it('clicks a number and sees exactly the calls it counts', async () => {
    const visitor = await province.arrive('supervisor1');
    const { page } = visitor;
    await page.goto(`/reports/funnel?campaign=${CAMPAIGN}&by=hour`);
    const figure = page
      .locator('#t-funnel tbody tr')
      .first()
      .locator('td')
      .nth(CONNECTED - 1)
      .getByRole('link');
    const counted = number(await figure.innerText());
    await figure.click();
    await page.locator('#drill').waitFor();
    const hour = await page.locator('#t-funnel tbody th').first().innerText();
    expect(await page.locator('#drill h2').innerText()).toContain(`${hour.trim()}，接通 ${counted}`);
    let seen = await page.locator('#drill tbody tr').count();
    for (const next = page.locator('#drill a', { hasText: '下一页' }); await next.count();) {
      await next.click();
      await page.locator('#drill', { hasText: `${seen + 1}–` }).waitFor();
      seen += await page.locator('#drill tbody tr').count();
    }
    expect(seen).toBe(counted);
    expect(await faultsOf(visitor, 'funnel-rows')).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it('exports the table with the same numbers', async () => {
    const visitor = await province.arrive('supervisor1');
    const { page } = visitor;
    await page.goto(`/reports/funnel?campaign=${CAMPAIGN}&by=manager`);
    const shown = (await tableOf(page)).map((row) => [row[0], number(row[ATTEMPTS] ?? ''), number(row[CONNECTED] ?? '')]);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出 XLSX' }).click()]);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await readFile(await download.path())).buffer);
    const exported: unknown[][] = [];
    book.worksheets[0]?.eachRow((row, place) => {
      if (place > 1) exported.push([1, ATTEMPTS + 1, CONNECTED + 1].map((column) => row.getCell(column).value));
    });
    expect(exported).toEqual(shown);
    await visitor.leave();
  });

  it('SYS-2 a large export leaves by two people: one asks, another approves, the first downloads it with its watermark', async () => {
    const [planner, supervisor] = [await province.arrive('planner1'), await province.arrive('supervisor1')];
    await planner.page.goto(`/campaigns/${CAMPAIGN}/list`);
    await planner.page.getByRole('link', { name: '导出 XLSX' }).click();
    expect(await faultsOf(planner, 'export-ask')).toEqual([]);
    await planner.page.getByLabel('用途').fill('与省公司核对名单');
    await planner.page.getByRole('button', { name: '送去批准' }).click();
    await planner.page.getByRole('heading', { name: '待批准' }).waitFor();
    const number = /E\d+/.exec(await planner.page.locator('main').innerText())?.[0] ?? '';
    expect(await planner.page.getByRole('button', { name: /批准导出/ }).count()).toBe(0);

    await supervisor.page.goto('/reports/funnel');
    await supervisor.page.locator('.sc-rail__item', { hasText: '导出' }).filter({ hasText: '1' }).click();
    expect(await faultsOf(supervisor, 'exports')).toEqual([]);
    await supervisor.page.getByRole('link', { name: `查看 ${number}` }).click();
    await supervisor.page.getByText('与省公司核对名单').waitFor();
    expect(await faultsOf(supervisor, 'export-decide')).toEqual([]);
    await supervisor.page.getByRole('button', { name: /批准导出这[\d,]+行/ }).click();
    await supervisor.page.getByText('文件生成后由顾明哲下载').waitFor();
    await planner.page.reload();
    await planner.page.getByText('生成中').waitFor();
    await province.letPass(3); // the page sees by itself when it is made
    const [download] = await Promise.all([planner.page.waitForEvent('download'), planner.page.getByRole('link', { name: '下载文件' }).click()]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`-planner1-\\d{8}-\\d{4}-${number}\\.xlsx$`));
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await readFile(await download.path())).buffer);
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual(['名单', '水印']);
    expect(book.worksheets[0]?.rowCount).toBeGreaterThan(1001);
    expect(book.worksheets[1]?.getCell('B1').text).toContain(`${number} · planner1 顾明哲`);
    expect(await faultsOf(planner, 'export-ready')).toEqual([]);
    expect([...planner.complaints, ...supervisor.complaints]).toEqual([]);
    await planner.leave();
    await supervisor.leave();
  });

  // a language stays with whoever chose it: these come after those that read Chinese
  it.each(['zh', 'en'])('reads tables of many columns in a narrow window without pushing them to and fro, %s', async (lang) => {
    const visitor = await province.arrive('supervisor1', { width: 1024 });
    const { page } = visitor;
    const compared = '/reports/funnel?by=day&from=2026-11-01&to=2026-11-30&compare=1';
    for (const path of ['/reports/productivity', '/reports/providers', '/retention/analysis', compared]) {
      await page.goto(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
      const hidden = await page
        .locator('.sc-scroll:has(.sc-table--tight)')
        .first()
        .evaluate((box) => box.scrollWidth - box.clientWidth);
      expect([path, hidden]).toEqual([path, 0]);
    }
    await visitor.leave();
  });

  it('reads the name of every festival in English', async () => {
    for (const width of [1024, 1440] as const) {
      const visitor = await province.arrive('planner1', { width });
      const { page } = visitor;
      await page.goto('/calendar?lang=en');
      const cut = page.locator('.sc-cal small').evaluateAll((names) => {
        const LINE = 9; // what a line that is not shown adds at least
        const isCut = (name: Element): boolean => name.scrollWidth > name.clientWidth || name.scrollHeight >= name.clientHeight + LINE;
        return names.filter(isCut).map((name) => name.textContent);
      });
      expect([width, await cut]).toEqual([width, []]);
      await visitor.leave();
    }
  });

  it.each(Object.keys(PAGES))(
    'finds every page of %s whole in English at both widths',
    async (who) => {
      const visitor = await province.arrive(who);
      const faults: string[] = [];
      for (const page of PAGES[who] ?? []) {
        const path = await addressOf(visitor.page, page);
        faults.push(...(await faultsAt(visitor, `${path}${path.includes('?') ? '&' : '?'}lang=en`, `en-${who}${path.replaceAll('/', '-')}`)));
      }
      expect(faults).toEqual([]);
      expect(await visitor.page.locator('html').getAttribute('lang')).toBe('en');
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
    PATIENCE_MS,
  );
});
