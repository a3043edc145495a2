import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, callAs, createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

let test: TestApp;
let planner: ApiClient;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-blocks-'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  planner = await (await createHouse(test))('planner-e');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

async function importBlocks(file: string): Promise<Record<string, unknown>> {
  const answer = await planner.upload('/imports?feed=blocks', file, 'blocks.csv');
  expect(answer.status).toBe(202);
  await drainJobs(test.app);
  const { read, created, updated, unchanged, duplicate, rejected } = (await planner.get(`/imports/${(answer.body as { id: string }).id}`))
    .body as Record<string, number>;
  return { read, created, updated, unchanged, duplicate, rejected };
}

const blocks = (): Promise<object[]> =>
  test.db.rows(sql`select number, channel, scope, reason, source, until from contact.v_block order by number, channel`);

describe('GOV-2 do-not-contact lists by feed', () => {
  it('FED-6 names the columns that it has no use for, and leaves them out', async () => {
    const answer = await planner.upload('/imports?feed=blocks', '手机号码,渠道,原因,备忘,foo\n13900000009,短信,投诉,a,b', 'blocks.csv');
    await drainJobs(test.app);
    const { body } = await planner.get(`/imports/${(answer.body as { id: string }).id}`);
    expect(body).toMatchObject({ created: 1, ignoredColumns: ['备忘', 'foo'] });
    await test.db.run(sql`delete from contact.block`);
  });

  it('rejects what it cannot read, takes the rest, the last of two rows for the same number', async () => {
    const file = [
      '手机号码,渠道,原因,截止,来源',
      '13900000001,短信,投诉,2026-12-31,省平台',
      '13900000002,传真,投诉,,',
      '123,电话,投诉,,',
      '13900000003,全部,,,',
    ];
    file.push('13900000001,sms,投诉升级,,省平台', '13900000004,all,监管名单,,');
    expect(await importBlocks(file.join('\n'))).toEqual({ read: 6, created: 2, updated: 0, unchanged: 0, duplicate: 1, rejected: 3 });
    expect(await blocks()).toEqual([
      { number: '+8613900000001', channel: 'sms', scope: 'all', reason: '投诉升级', source: '省平台', until: null },
      { number: '+8613900000004', channel: 'all', scope: 'all', reason: '监管名单', source: 'feed', until: null },
    ]);
  });

  it('R19 a later file lengthens a block, never shortens or clears one', async () => {
    expect(await importBlocks('phone,channel,reason,until\n13900000005,call,短期,2026-12-01\n')).toMatchObject({ created: 1 });
    const later = ['phone,channel,reason,until', '13900000005,call,延长,2026-12-15', '13900000004,all,变短,2026-12-01'];
    expect(await importBlocks(later.join('\n'))).toEqual({ read: 2, created: 0, updated: 1, unchanged: 1, duplicate: 0, rejected: 0 });
    const lasting = (await blocks()).filter((block) => !(block as { number: string }).number.endsWith('1'));
    expect(lasting).toMatchObject([
      { number: '+8613900000004', reason: '监管名单', until: null },
      { number: '+8613900000005', reason: '延长', until: new Date('2026-12-15T23:59:59.999+08:00') },
    ]);
  });

  it('R22 a scope makes an opt-out, beside a block of the same number; what has run out keeps its time in the books', async () => {
    const file = ['phone,channel,reason,范围,until', '13900000006,sms,TD,营销,', '13900000006,sms,投诉,,2026-11-25', '13900000006,sms,TD,marketing,'];
    expect(await importBlocks(file.join('\n'))).toEqual({ read: 3, created: 2, updated: 0, unchanged: 0, duplicate: 1, rejected: 0 });
    test.clock.set('2026-11-26T10:00:00+08:00');
    planner = await callAs(test, 'planner-e'); // the session of two days ago is over
    const service = await planner.get('/contact/decisions?phone=13900000006&purpose=service');
    expect(service.body).toMatchObject({ now: { sms: { allowed: true } } });
    expect((await planner.get('/contact/decisions?phone=13900000006')).body).toMatchObject({
      now: { sms: { reasons: ['opted_out', 'no_consent'] } },
    });
    expect(await importBlocks('phone,channel,reason,until\n13900000006,sms,再投诉,2026-12-01\n')).toMatchObject({ created: 1, updated: 0 });
    const kept = await test.db.rows(sql`
      select reason, lift_reason as closed from contact.block where number = '+8613900000006' and scope = 'all' order by id`);
    expect(kept).toEqual([
      { reason: '投诉', closed: 'expired' },
      { reason: '再投诉', closed: null },
    ]);
  });

  it('R22 a product line and a campaign make narrower opt-outs; what does not go together is rejected at its column', async () => {
    await planner.post('/campaigns', { code: 'autumn', name: '秋季', kind: 'marketing', startsOn: '2026-11-01' });
    const rows = ['13900000007,sms,TD,,5G,', '13900000007,sms,TD,,,autumn', '13900000007,sms,又TD,活动,,autumn', '13900000008,all,TD,产品线,,'];
    rows.push('13900000008,all,TD,营销,5G,', '13900000008,all,TD,,5G,autumn', '13900000008,all,TD,,,nowhere');
    const file = ['phone,channel,reason,范围,产品线,活动', ...rows].join('\n');
    expect(await importBlocks(file)).toEqual({ read: 7, created: 2, updated: 0, unchanged: 0, duplicate: 1, rejected: 4 });
    const { id } = await test.db.one<{ id: string }>(sql`select id from campaigns.campaign where code = 'autumn'`);
    const kept = sql`select scope, product_family as family, campaign_id as campaign, reason from contact.v_block where number = '+8613900000007' order by scope`;
    expect(await test.db.rows(kept)).toEqual([
      { scope: 'campaign', family: null, campaign: id, reason: '又TD' },
      { scope: 'product', family: '5G', campaign: null, reason: 'TD' },
    ]);
    expect(await importBlocks(`${file}\n`)).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    const { items } = (await planner.get('/imports?limit=1')).body as { items: { id: string }[] };
    const rejects = (await planner.get(`/imports/${items[0]?.id}/rejects.csv`)).text;
    for (const words of ['没有填产品线', '范围与所填的产品线或活动不符', '没有这个活动']) expect(rejects).toContain(words);
  });

  it('R19 a customer file does not clear a block of its number', async () => {
    const answer = await planner.upload('/imports?feed=customers', 'phone,name,sms_consent\n13900000001,欧阳若曦,是\n', 'customers.csv');
    expect(answer.status).toBe(202);
    await drainJobs(test.app);
    const decisions = await planner.get('/contact/decisions?phone=13900000001');
    expect(decisions.body).toMatchObject({
      now: { sms: { allowed: false, reasons: ['blocked'] }, call: { allowed: false, reasons: ['no_consent'] } },
    });
  });
});
