import { sql } from '../../../src/platform/database/sql.js';
import { PASSWORD } from '../../support/house.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { until } from '../../support/until.js';
import { empty } from '../../support/empty.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from '../calls/call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  await template('announce', '{{honorific}}您好，我们近日会致电为您介绍一项服务。');
  await template('announce-short', '近日会致电给您。');
  await template('missed', '{{honorific}}您好，刚才未能联系上您。', 'care');
});
afterAll(() => test.close());
beforeEach(async () => {
  await empty(test.db, 'messaging.blast', 'messaging.simulator_inbox');
  await centre.clear();
});

const planner = () => centre.house('planner-e');
async function template(code: string, body: string, purpose = 'marketing'): Promise<void> {
  await must((await planner()).post('/sms/templates', { code, name: code, purpose, signature: '中国电信', body }), 201);
  await must((await centre.house('admin')).post(`/sms/templates/${code}/approve`), 200);
}
const draft = async (code: string, more: object = {}): Promise<void> => {
  const form = {
    code,
    name: `活动${code}`,
    kind: 'marketing',
    startsOn: '2026-11-01',
    endsOn: '2026-12-31',
    filter: { starLevel: [0, 1, 2, 3, 4, 5, 6, 7] },
    ...more,
  };
  await must((await planner()).post('/campaigns', form), 201);
};
const BEFORE = { when: 'before', hours: 4, templates: [{ code: 'announce' }] };
const AFTER = { when: 'after', hours: 2, outcomes: ['no_answer', 'busy'], templates: [{ code: 'missed' }] };
const step = async (code: string, setting: object) => must((await planner()).post(`/campaigns/${code}/sms-step`, setting), 200);
const launch = async (code: string): Promise<void> => {
  await must((await planner()).post(`/campaigns/${code}/launch`), 200);
  await drainJobs(test.app);
};
const tick = async (at: string): Promise<void> => {
  await centre.moveTo(at);
  await tickSchedules(test.app);
  await drainJobs(test.app);
};
const inbox = () =>
  test.db.rows<{ number: string; n: number }>(
    sql`select right(number, 2) as number, count(*)::int as n from messaging.simulator_inbox group by 1 order by 1`,
  );
const sent = async (): Promise<number> => (await inbox()).reduce((sum, { n }) => sum + n, 0);
interface Figures {
  texts: { key: string; people: number; delivered: number; failed: number; refused: number; waiting: number; converted: number; reached: number }[];
  uplift: { measure: string; of: string; against: string; verdict: string; interval: [number, number] | null }[];
}
const figures = async (code: string) => (await must((await centre.house('supervisor-e')).get(`/campaigns/${code}/sms-step`), 200)) as Figures;

describe('CAM-1 a text before the first dial', () => {
  it('goes out at the launch through the gate, once each, and nobody is dialled before its hours have passed', async () => {
    const [first] = await centre.customers('m01', [7, 6, 5]);
    await test.db.run(sql`update customers.customer set sms_consent = false where id = ${first}`);
    await draft('announced');
    await step('announced', BEFORE);
    expect(await must((await planner()).post('/campaigns/announced/sms-step/preview'), 200)).toEqual({
      texts: [{ key: 'A', template: 'announce', purpose: 'marketing', people: 3, allowed: 2, refused: [{ reason: 'no_consent', people: 1 }] }],
    });
    expect(await sent()).toBe(0);
    await launch('announced');
    expect((await inbox()).map(({ n }) => n)).toEqual([1, 1]);
    // each message has its decision in the ledger, the refused one too
    expect((await centre.touches('refused')).map(({ reasons }) => reasons)).toEqual([['no_consent']]);
    expect((await centre.next('m01', 'announced')).task).toBeUndefined();
    await centre.moveTo('2026-11-24T14:00');
    const task = await centre.take('m01');
    expect(task.customer.starLevel).toBe(7);
    expect(task).toMatchObject({ sentMessage: null });
    await must((await centre.house('m01')).post(`/tasks/${task.id}/release`, { reason: 'x' }), 200, 204);
    await test.db.run(sql`update calls.task set due_on = '2026-12-01' where star = 7`);
    expect((await centre.take('m01')) as object).toMatchObject({
      sentMessage: expect.stringMatching(/^短信 11-24 10:0\d 已(送达|提交)：【中国电信】/) as string,
    });
    expect((await (await logIn(test, 'm01')).get('/desk')).text).toContain('短信 11-24 10:0');
    // the job runs again after a crash: nobody gets it twice
    const { id } = await test.db.one<{ id: string }>(sql`select id from campaigns.campaign where code = 'announced'`);
    const { CampaignSteps } = await import('../../../src/messaging/steps/step.commands.js');
    expect(await test.app.get(CampaignSteps).beforeCalls(id)).toBe(0);
    await tick('2026-11-24T15:00');
    expect(await sent()).toBe(2);
    const [text] = (await figures('announced')).texts;
    expect(text).toMatchObject({ key: 'A', people: 3, refused: 1 });
    expect((text?.delivered ?? 0) + (text?.failed ?? 0) + (text?.waiting ?? 0)).toBe(2);
  });

  it('SMS-3 to more than a blast may go to without a second person, the campaign waits for her word', async () => {
    await centre.customers('m01', [7, 6]);
    const admin = await centre.house('admin');
    const rule = (await must(admin.get('/sms/blast-rule'), 200)) as object;
    await must(admin.put('/sms/blast-rule', { ...rule, approveAbove: 1 }), 200);
    await draft('many');
    await step('many', BEFORE);
    expect(await refusal((await planner()).post('/campaigns/many/launch'))).toBe('409 approval_missing');
    await must((await planner()).post('/campaigns/many/approval'), 200, 201);
    await must((await centre.house('supervisor-e')).post('/campaigns/many/approval/approve'), 200);
    await launch('many');
    expect(await sent()).toBe(2);
    // without a text the campaign needs nobody's word
    await draft('calls-only', { filter: { starLevel: [7] } });
    await launch('calls-only');
    await must(admin.put('/sms/blast-rule', rule), 200);
  });

  it('SMS-3 above the client’s number only the client gives the word, and for the wordings as they are', async () => {
    await centre.customers('m01', [7, 6]);
    const admin = await centre.house('admin');
    const rule = (await must(admin.get('/sms/blast-rule'), 200)) as object;
    await must(admin.post('/users', { username: 'client-e', role: 'client', orgUnit: 'east', name: '甲方', password: PASSWORD }), 201);
    await must(admin.put('/sms/blast-rule', { ...rule, clientApproves: true, clientAbove: 1 }), 200);
    await draft('clients-word');
    await template('for-client', '{{honorific}}您好，我们近日会致电');
    await step('clients-word', { ...BEFORE, templates: [{ code: 'for-client' }] });
    const ask = async () => must((await planner()).post('/campaigns/clients-word/approval'), 200, 201);
    const approve = async (who: string) => refusal((await centre.house(who)).post('/campaigns/clients-word/approval/approve'));
    await ask();
    expect(await approve('supervisor-e')).toBe('403 approval_client_only');
    expect(await approve('client-e')).toBe('200');
    // another wording of the same template is another thing
    await must(
      (await planner()).patch('/sms/templates/for-client', {
        name: 'for-client',
        signature: '中国电信',
        body: '{{honorific}}您好，稍后致电，请留意',
      }),
      200,
    );
    await must(admin.post('/sms/templates/for-client/approve'), 200);
    expect(await refusal((await planner()).post('/campaigns/clients-word/launch'))).toBe('409 approval_changed');
    await ask();
    expect(await approve('client-e')).toBe('200');
    await launch('clients-word');
    expect(await sent()).toBe(2);
    await must(admin.put('/sms/blast-rule', rule), 200);
  });

  it('waits with a paused campaign, and a closed one sends no more', async () => {
    await centre.customers('m01', [7]);
    await centre.moveTo('2026-11-24T21:30');
    await draft('waits');
    await step('waits', BEFORE);
    await launch('waits');
    expect(await sent()).toBe(0);
    await must((await planner()).post('/campaigns/waits/pause'), 200);
    await tick('2026-11-25T09:30');
    expect(await sent()).toBe(0);
    await must((await planner()).post('/campaigns/waits/resume'), 200);
    await drainJobs(test.app);
    expect(await sent()).toBe(1);
    // launched in the evening, the text could go from eight: four hours later dialling begins
    expect(await test.db.rows(sql`select not_before as at from calls.task`)).toEqual([{ at: new Date('2026-11-25T12:00:00+08:00') }]);
    await must((await planner()).post('/campaigns/waits/close'), 200);
    await drainJobs(test.app);
    expect(await test.db.rows(sql`select state from messaging.blast where variant is not null`)).not.toContainEqual({ state: 'running' });
  });
});

describe('CAM-1 a text after a call, by its outcome', () => {
  it('goes out after its hours, once a customer; another outcome meanwhile, or a correction, stops it', async () => {
    await centre.customers('m01', [7, 6, 5]);
    await draft('missed-call', { kind: 'care' });
    await step('missed-call', AFTER);
    await launch('missed-call');
    await centre.call('m01', { outcome: 'no_answer' });
    const { attempt } = await centre.call('m01', { outcome: 'no_answer' });
    await centre.call('m01', { outcome: 'reached', talkSeconds: 30 });
    await must((await centre.house('m01')).patch(`/attempts/${attempt.id}`, { outcome: 'powered_off', reason: 'x' }), 200);
    await tick('2026-11-24T11:59');
    expect(await sent()).toBe(0);
    await tick('2026-11-24T12:00');
    expect((await inbox()).map(({ n }) => n)).toEqual([1]);
    // the same customer, not reached again: one text is enough
    await test.db.run(sql`update calls.task set not_before = null where state = 'open'`);
    await tick('2026-11-25T10:00');
    await centre.call('m01', { outcome: 'no_answer' });
    await tick('2026-11-25T14:00');
    expect((await figures('missed-call')).texts).toMatchObject([{ key: 'A', template: 'missed' }]);
    expect((await inbox()).every(({ n }) => n === 1)).toBe(true);
  });
});

describe('R44 triggers of the same second', () => {
  it.each([
    ['cancel', ['2026-11-24', '2026-11-25']],
    ['pause', ['2026-11-26', '2026-11-27']],
  ])('a %s of its blast by hand stands: later calls set nothing going', async (deed, [one, other]) => {
    await centre.moveTo(`${one}T10:00`);
    await centre.customers('m01', [7, 6]);
    await draft('by-hand', { kind: 'care' });
    await step('by-hand', AFTER);
    await launch('by-hand');
    await centre.call('m01', { outcome: 'no_answer' });
    await tick(`${one}T21:30`); // nothing is sent at night
    expect(await test.db.rows(sql`select state from messaging.blast`)).toEqual([{ state: 'running' }]);
    await must((await planner()).post(`/sms/blasts/by-hand.sms-A/${deed}`), 200);
    await tick(`${other}T10:00`);
    await test.db.run(sql`update calls.task set not_before = '2027-01-01' where attempts > 0`); // the other customer is next
    await centre.call('m01', { outcome: 'no_answer' });
    await tick(`${other}T12:30`);
    await tick(`${other}T14:30`);
    expect(await sent()).toBe(0);
    expect(await test.db.rows(sql`select state from messaging.blast`)).toEqual([{ state: deed === 'cancel' ? 'cancelled' : 'paused' }]);
    // nor does the campaign that is paused and goes on
    for (const to of ['pause', 'resume']) {
      await must((await planner()).post(`/campaigns/by-hand/${to}`), 200);
      await drainJobs(test.app);
    }
    expect(await sent()).toBe(0);
    if (deed === 'cancel') return;
    await must((await planner()).post('/sms/blasts/by-hand.sms-A/resume'), 200);
    await drainJobs(test.app);
    expect(await sent()).toBe(2);
  });

  it('note a customer once in a campaign, and send him one text', async () => {
    await centre.customers('m01', [7]);
    await draft('at-once', { kind: 'care' });
    await step('at-once', { ...AFTER, hours: 0 });
    await launch('at-once');
    const { attempt } = await centre.call('m01', { outcome: 'no_answer' });
    const { taskId } = await test.db.one<{ taskId: string }>(sql`select task_id as "taskId" from calls.v_attempt where id = ${attempt.id}`);
    const { CampaignSteps } = await import('../../../src/messaging/steps/step.commands.js');
    const steps = test.app.get(CampaignSteps, { strict: false });
    await Promise.all(Array.from({ length: 6 }, () => steps.afterCall(taskId, test.clock.now())));
    await Promise.all(Array.from({ length: 6 }, () => steps.sendDue()));
    await drainJobs(test.app);
    expect((await inbox()).map(({ n }) => n)).toEqual([1]);
    expect(await test.db.rows(sql`select count(*)::int as n from messaging.step_due`)).toEqual([{ n: 1 }]);
  });

  it('lose nobody who is noted while those before him are being sent', async () => {
    const people = await centre.customers('m01', [7, 6, 5]);
    await draft('meanwhile', { kind: 'care' });
    await step('meanwhile', { ...AFTER, hours: 0 });
    await launch('meanwhile');
    const { CampaignSteps } = await import('../../../src/messaging/steps/step.commands.js');
    const steps = test.app.get(CampaignSteps, { strict: false });
    const called = async (customer: string | undefined): Promise<void> => {
      const { id } = await test.db.one<{ id: string }>(
        sql`update calls.task set last_outcome = 'no_answer' where customer_id = ${customer ?? ''} returning id::text`,
      );
      await steps.afterCall(id, test.clock.now());
    };
    await called(people[0]);
    await steps.sendDue();
    await called(people[1]);
    let sending: Promise<number> | undefined;
    const held = test.db.tx(async (tx) => {
      await tx.run(sql`
        insert into messaging.recipient (blast_id, customer_id, line_id, number, state, updated_at)
        select b.id, l.customer_id, l.id, l.number, 'planned', ${test.clock.now()} from messaging.blast b, customers.line l where l.customer_id = ${people[1] ?? ''}`);
      sending = steps.sendDue();
      await until('it waits for the same person', async () => (await test.db.count(sql`select from pg_locks where not granted`)) > 0);
      await called(people[2]);
      throw new Error('given back');
    });
    await expect(held).rejects.toThrow('given back');
    expect(await sending).toBe(1);
    expect(await steps.sendDue()).toBe(1);
    await drainJobs(test.app);
    expect((await inbox()).map(({ n }) => n)).toEqual([1, 1, 1]);
  });
});

describe('CAM-10 texts are compared', () => {
  it('each customer is drawn for one text and stays with it; the difference has its Newcombe interval', async () => {
    await centre.customers(
      'm01',
      Array.from({ length: 30 }, () => 5),
    );
    await draft('ab');
    await step('ab', { ...BEFORE, templates: [{ code: 'announce' }, { code: 'announce-short', percent: 50 }] });
    const before = (await must((await planner()).post('/campaigns/ab/sms-step/preview'), 200)) as { texts: { people: number }[] };
    await launch('ab');
    const { texts, uplift } = await figures('ab');
    expect(texts.map(({ key, people }) => [key, people])).toEqual([
      ['A', before.texts[0]?.people],
      ['B', before.texts[1]?.people],
    ]);
    expect(texts.reduce((sum, { people }) => sum + people, 0)).toBe(30);
    expect(texts.every(({ people }) => people > 3)).toBe(true);
    expect(uplift).toMatchObject([
      { measure: 'reached', of: 'B', against: 'A', verdict: 'too-few' },
      { measure: 'converted', of: 'B', against: 'A', verdict: 'too-few' },
    ]);
    expect(uplift.map(({ interval }) => interval)).toEqual([null, null]);
    const page = await (await logIn(test, 'planner-e')).get('/campaigns/ab/sms-step');
    expect(page.text).toContain('announce-short');
    expect(page.text).toContain('数据还不够');
  });
});

describe('CAM-1 the step in the wizard', () => {
  it('keeps a retired outcome where it was chosen, marked, and takes it nowhere else', async () => {
    const outcomes = ['no_answer', 'assistant'];
    await draft('kept', { kind: 'care' });
    await draft('fresh', { kind: 'care' });
    await step('kept', { ...AFTER, outcomes });
    await must((await centre.house('admin')).post('/outcomes/assistant/retire'), 200);
    const visitor = await logIn(test, 'planner-e');
    const { text } = await visitor.get('/campaigns/kept/edit/sms');
    expect(text).toMatch(/value="assistant" checked><span[^>]*>语音助手 <span[^>]*>已停用/);
    expect((await visitor.get('/campaigns/fresh/edit/sms')).text).not.toContain('value="assistant"');
    const form = { when: 'after', hours: '3', templateA: 'missed', outcomes, then: 'next' };
    expect((await visitor.post('/campaigns/kept/edit/sms', form)).status).toBe(303);
    expect(await must((await planner()).get('/campaigns/kept/sms-step'), 200)).toMatchObject({ step: { hours: 3, outcomes } });
    expect(await step('kept', { ...AFTER, outcomes })).toMatchObject({ step: { outcomes } });
    const refused = await visitor.post('/campaigns/fresh/edit/sms', form);
    expect([refused.status, refused.text]).toEqual([422, expect.stringMatching(/id="outcomes-error"[^]*?语音助手[^]*?已停用/)]);
    expect(await refusal((await planner()).post('/campaigns/fresh/sms-step', { ...AFTER, outcomes }))).toBe('422 outcome_retired outcomes');
    // what is given up is not chosen again
    await step('kept', AFTER);
    expect(await refusal((await planner()).post('/campaigns/kept/sms-step', { ...AFTER, outcomes }))).toBe('422 outcome_retired outcomes');
    await must((await centre.house('admin')).post('/outcomes/assistant/restore'), 200);
  });

  it('reads as real customers would, keeps what is chosen, and names what is wrong', async () => {
    await centre.customers('m01', [7]);
    await draft('wizard');
    const visitor = await logIn(test, 'planner-e');
    const send = (form: Record<string, string>) => visitor.post('/campaigns/wizard/edit/sms', { then: 'next', ...form });
    expect((await send({ when: 'before', hours: '4' })).text).toContain('请选一个短信模板');
    expect((await send({ when: 'before', hours: '0', templateA: 'announce' })).text).toContain('首拨之前至少相隔1小时');
    expect((await send({ when: 'after', hours: '0', templateA: 'announce' })).text).toContain('请至少选一种通话结果');
    expect((await send({ when: 'before', hours: '4', templateA: 'announce', templateB: 'announce-short' })).text).toContain('请填模板B的客户占比');
    expect((await send({ when: 'before', hours: '4', templateA: 'announce', templateB: 'announce', percentB: '50' })).text).toContain(
      '同一个模板选了两次',
    );
    const chosen = { when: 'before', hours: '4', templateA: 'announce', templateB: 'announce-short', percentB: '30' };
    const look = async (form: object): Promise<string> => (await visitor.post('/campaigns/wizard/edit/sms/preview', { ...chosen, ...form })).text;
    const twice = await look({ templateB: 'announce' });
    expect(twice).toContain('同一个模板选了两次');
    expect(twice).not.toContain('还没有选全');
    expect(await look({ hours: '0' })).toContain('这样设还发不了');
    expect(await look({ templateA: '' })).toContain('还没有选全');
    const said = await visitor.post('/campaigns/wizard/edit/sms/preview', chosen);
    expect(said.text).toMatch(/【中国电信】客户\d+先生您好，我们近日会致电/);
    expect((await send(chosen)).headers.location).toBe('/campaigns/wizard/edit/launch');
    expect((await visitor.get('/campaigns/wizard/edit/launch')).text).toContain('首拨前4小时 · announce / announce-short');
    expect((await visitor.get('/campaigns/wizard/sms-step/dry-run')).text).toContain('谁会收到短信');
    expect((await visitor.get('/campaigns/wizard/edit/sms')).text).toContain('value="30"');
    // none, nothing that is not approved, nothing after the launch
    expect(await refusal((await planner()).post('/campaigns/wizard/sms-step', { ...BEFORE, templates: [{ code: 'nothing' }] }))).toBe(
      '422 step_template_unknown templateA',
    );
    await must((await planner()).post('/sms/templates', { code: 'raw', name: 'raw', purpose: 'care', signature: '中国电信', body: '您好' }), 201);
    expect(await refusal((await planner()).post('/campaigns/wizard/sms-step', { ...BEFORE, templates: [{ code: 'raw' }] }))).toBe(
      '422 template_not_approved templateA',
    );
    expect(await refusal((await planner()).post('/campaigns/wizard/sms-step', { ...AFTER, outcomes: ['smoke'] }))).toMatch(/^422 outcome_unknown/);
    expect(await refusal((await centre.house('admin')).post('/campaigns/daily-care/sms-step', BEFORE))).toBe('409 campaign_standing_step');
    await launch('wizard');
    expect(await refusal((await planner()).post('/campaigns/wizard/sms-step', AFTER))).toBe('409 campaign_frozen smsStep');
    expect((await visitor.get('/campaigns/wizard/uplift')).text).toContain('/campaigns/wizard/sms-step');
  });
});
