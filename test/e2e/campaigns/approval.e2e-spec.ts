import { CampaignLife } from '../../../src/campaigns/campaign-life.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from '../calls/call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  await must(
    (await centre.house('admin')).post('/users', { username: 'client-e', role: 'client', orgUnit: 'east', name: '甲方', password: PASSWORD }),
    201,
  );
  await must(
    (await centre.house('admin')).post('/users', {
      username: 'supervisor-w',
      role: 'supervisor',
      orgUnit: 'west',
      name: '西主管',
      password: PASSWORD,
    }),
    201,
  );
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.db.run(sql`truncate campaigns.approval_rule`);
  await centre.clear();
  await centre.customers('m01', [7, 6, 5]);
});

const as = (who: string) => centre.house(who);
const rule = async (setting: object) => must((await as('admin')).put('/campaign-approvals/rule', setting), 200);
const draft = async (code: string, more: object = {}, who = 'planner-e'): Promise<void> => {
  const form = {
    code,
    name: `活动${code}`,
    kind: 'care',
    startsOn: '2026-11-01',
    endsOn: '2026-12-31',
    filter: { starLevel: [5, 6, 7] },
    script: '您好',
    ...more,
  };
  await must((await as(who)).post('/campaigns', form), 201);
};
const launch = async (code: string, who = 'planner-e') => (await as(who)).post(`/campaigns/${code}/launch`);
const ask = async (code: string) => must((await as('planner-e')).post(`/campaigns/${code}/approval`), 200);
const standing = async (code: string) =>
  ((await must((await as('planner-e')).get(`/campaigns/${code}/approval`), 200)) as { standing: string }).standing;

describe('CAM-1 approvals where the house asks for them', () => {
  it('off by default; by kind or above a number of customers a campaign does not start without a second person’s word', async () => {
    await draft('free');
    expect((await launch('free')).status).toBe(200);
    await rule({ kinds: ['marketing'] });
    await draft('care');
    expect((await launch('care')).status).toBe(200);
    await draft('selling', { kind: 'marketing' });
    expect(await refusal(launch('selling'))).toBe('409 approval_missing');
    await rule({ kinds: [], above: 2 });
    await draft('large');
    await draft('small', { filter: { starLevel: [7] } });
    expect(await refusal(launch('large'))).toBe('409 approval_missing');
    expect((await launch('small')).status).toBe(200);
    // nothing of a refused launch is left
    expect((await (await as('planner-e')).get('/campaigns/large')).body).toMatchObject({ state: 'draft' });
    expect(
      await test.db.rows(sql`select from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id where c.code = 'large'`),
    ).toEqual([]);
  });

  it('asked for, approved by supervisor or client, launched; the history says who and when', async () => {
    await rule({ kinds: ['care'] });
    await draft('asked');
    expect(await ask('asked')).toMatchObject({ state: 'asked', customers: 3, askedBy: '顾明哲' });
    expect(await ask('asked')).toMatchObject({ state: 'asked' });
    expect(await refusal(launch('asked'))).toBe('409 approval_waiting');
    expect((await must((await as('client-e')).get('/campaign-approvals'), 200)) as object).toMatchObject({
      items: [{ code: 'asked', customers: 3, askedBy: '顾明哲' }],
    });
    expect((await must((await as('supervisor-w')).get('/campaign-approvals'), 200)) as object).toEqual({ items: [] });
    expect(await refusal((await as('supervisor-w')).post('/campaigns/asked/approval/approve'))).toMatch(/^404/);
    expect(await refusal((await as('planner-e')).post('/campaigns/asked/approval/approve'))).toMatch(/^403/);
    await must((await as('client-e')).post('/campaigns/asked/approval/approve'), 200);
    expect(await refusal((await as('supervisor-e')).post('/campaigns/asked/approval/approve'))).toBe('409 approval_not_asked');
    expect((await launch('asked')).status).toBe(200);
    expect(await must((await as('planner-e')).get('/campaigns/asked/approval'), 200)).toMatchObject({
      needed: true,
      standing: 'approved',
      history: [{ state: 'approved', askedBy: '顾明哲', decidedBy: '甲方', customers: 3 }],
    });
    expect(await refusal((await as('planner-e')).post('/campaigns/asked/approval'))).toBe('409 approval_after_launch');
  });

  it('refused with a reason, which the planner reads; asked again it may be approved', async () => {
    await rule({ kinds: ['care'] });
    await draft('no');
    await ask('no');
    expect(await refusal((await as('supervisor-e')).post('/campaigns/no/approval/refuse', {}))).toMatch(/^422 .* reason$/);
    await must((await as('supervisor-e')).post('/campaigns/no/approval/refuse', { reason: '名单太杂' }), 200);
    expect(await refusal(launch('no'))).toBe('409 approval_refused');
    expect((await (await logIn(test, 'planner-e')).get('/campaigns/no/edit/launch')).text).toContain('赵敏没有同意：名单太杂');
    await ask('no');
    await must((await as('supervisor-e')).post('/campaigns/no/approval/approve'), 200);
    expect((await launch('no')).status).toBe(200);
  });

  it('nobody approves her own, also an administrator who made or asked', async () => {
    await rule({ kinds: ['care'] });
    await draft('mine', {}, 'admin');
    await must((await as('admin')).post('/campaigns/mine/approval'), 200);
    expect(await refusal((await as('admin')).post('/campaigns/mine/approval/approve'))).toBe('403 approval_own');
    await draft('theirs', {}, 'planner-e');
    await must((await as('admin')).post('/campaigns/theirs/approval'), 200);
    expect(await refusal((await as('admin')).post('/campaigns/theirs/approval/approve'))).toBe('403 approval_own');
    await must((await as('supervisor-e')).post('/campaigns/theirs/approval/approve'), 200);
    // the database would not take it either
    const own = sql`update campaigns.approval set state = 'approved', decided_by = asked_by`;
    await expect(test.db.run(own)).rejects.toThrow(/check constraint/);
  });

  it('changed after the approval it needs another one; so it does when the list has grown', async () => {
    await rule({ kinds: ['care'] });
    await draft('edited');
    await ask('edited');
    await must((await as('supervisor-e')).post('/campaigns/edited/approval/approve'), 200);
    const visitor = await logIn(test, 'planner-e');
    await visitor.post('/campaigns/edited/edit/policy', {
      maxAttempts: '5',
      minGapMinutes: '60',
      firstDialHours: '24',
      assignment: 'owner',
      then: 'later',
    });
    expect(await standing('edited')).toBe('changed');
    expect(await refusal(launch('edited'))).toBe('409 approval_changed');
    await ask('edited');
    await visitor.post('/campaigns/edited/edit/policy', {
      maxAttempts: '4',
      minGapMinutes: '60',
      firstDialHours: '24',
      assignment: 'owner',
      then: 'later',
    });
    expect(await refusal((await as('supervisor-e')).post('/campaigns/edited/approval/approve'))).toBe('409 approval_changed');
    await ask('edited');
    await must((await as('supervisor-e')).post('/campaigns/edited/approval/approve'), 200);
    await centre.customers('m01', [7]);
    expect(await standing('edited')).toBe('changed');
    expect(await refusal(launch('edited'))).toBe('409 approval_changed');
  });

  it('only what was read is approved: changed and asked for anew meanwhile, it is read again first', async () => {
    await rule({ kinds: ['care'] });
    await draft('moved');
    const { id } = (await ask('moved')) as { id: string };
    const [reader, planner] = [await logIn(test, 'supervisor-e'), await logIn(test, 'planner-e')];
    const read = /name="request" value="(\d+)"/.exec((await reader.get('/campaigns/moved/approval')).text)?.[1] ?? '';
    expect(read).toBe(id);
    await planner.post('/campaigns/moved/edit/policy', { maxAttempts: '9', minGapMinutes: '60', firstDialHours: '24', then: 'later' });
    await ask('moved');
    expect(await refusal((await as('client-e')).post('/campaigns/moved/approval/approve', { request: id }))).toBe('409 approval_moved');
    const late = await reader.post('/campaigns/moved/approval/approve', { request: read });
    expect(late.status).toBe(409);
    expect(late.text).toContain('您看过以后改了内容又重新申请（现在3人）');
    expect(await standing('moved')).toBe('asked');
    const again = /name="request" value="(\d+)"/.exec(late.text)?.[1] ?? '';
    expect((await reader.post('/campaigns/moved/approval/approve', { request: again })).status).toBe(303);
    expect(await standing('moved')).toBe('approved');
  });

  it('a scheduled campaign that was changed after its approval waits on its day, others start', async () => {
    await rule({ kinds: ['care'] });
    for (const code of ['later', 'kept']) {
      await draft(code, { startsOn: '2026-11-25' });
      await ask(code);
      await must((await as('supervisor-e')).post(`/campaigns/${code}/approval/approve`), 200);
      expect(((await must(launch(code), 200)) as { state: string }).state).toBe('scheduled');
    }
    const visitor = await logIn(test, 'planner-e');
    await visitor.post('/campaigns/later/edit/policy', { maxAttempts: '9', minGapMinutes: '60', firstDialHours: '24', then: 'later' });
    await centre.moveTo('2026-11-25T08:00');
    expect(await test.app.get(CampaignLife).startDue()).toBe(1);
    await drainJobs(test.app);
    const states = await test.db.rows(sql`select code, state from campaigns.campaign where code in ('later', 'kept') order by code`);
    expect(states).toEqual([
      { code: 'kept', state: 'running' },
      { code: 'later', state: 'scheduled' },
    ]);
    await ask('later');
    await must((await as('supervisor-e')).post('/campaigns/later/approval/approve'), 200);
    expect(await test.app.get(CampaignLife).startDue()).toBe(1);
  });

  it('pages: the rule for administrators, the request in the wizard, what is approved and by whom for supervisor and client', async () => {
    const admin = await logIn(test, 'admin');
    expect((await admin.get('/campaign-approvals/rule')).text).toContain('从没设过');
    await admin.post('/campaign-approvals/rule', { kinds: 'care', above: '100' });
    expect((await admin.get('/campaign-approvals/rule')).text).toMatch(/value="care" checked/);
    expect((await admin.post('/campaign-approvals/rule', { kinds: 'smoke' })).status).toBe(422);
    await draft('paged');
    const planner = await logIn(test, 'planner-e');
    const step = await planner.get('/campaigns/paged/edit/launch');
    expect(step.text).toContain('要主管或甲方同意才能启动');
    expect(step.text).not.toContain('启动，打给这3人');
    await planner.post('/campaigns/paged/approval', {});
    for (const who of ['supervisor-e', 'client-e']) {
      const reader = await logIn(test, who);
      expect((await reader.get('/campaigns')).text).toContain('待审批 <span class="sc-n">1</span>');
      expect((await reader.get('/campaign-approvals')).text).toContain('/campaigns/paged/approval');
      const page = (await reader.get('/campaigns/paged/approval')).text;
      expect(page).toContain('同意打给这3人？');
      expect(page).not.toMatch(/139/);
    }
    const supervisor = await logIn(test, 'supervisor-e');
    expect((await supervisor.post('/campaigns/paged/approval/refuse', { reason: '' })).text).toContain('请填写');
    expect((await supervisor.post('/campaigns/paged/approval/approve', {})).status).toBe(303);
    expect((await planner.get('/campaigns/paged/edit/launch')).text).toContain('启动，打给这3人');
    expect((await planner.get('/campaign-approvals/rule')).status).toBe(403);
  });
});
