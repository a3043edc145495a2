import { GatewaysCommands } from '../../../src/messaging/gateways/gateways.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { addCustomer, addSegment, addTemplate, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let planner: PageVisitor;
let supervisor: PageVisitor;

beforeAll(async () => {
  office = await openPostOffice();
  const { db } = office.test;
  await addCustomer(db, numberOf(1), { name: '陈志远' });
  await addCustomer(db, numberOf(2), { name: '欧阳若曦', gender: 'female' });
  await addCustomer(db, numberOf(3), { name: '于洋', consent: false });
  await addSegment(db, 'page-list', [numberOf(1), numberOf(2), numberOf(3)], {
    [numberOf(1)]: { save: '5.10' },
    [numberOf(2)]: { save: '2.40' },
    [numberOf(3)]: { save: '1' },
  });
  planner = await logIn(office.test, 'planner-e');
  supervisor = await logIn(office.test, 'supervisor-e');
});
afterAll(() => office.test.close());

describe('the template pages, without scripts', () => {
  const template = {
    code: 'page-offer',
    name: '升档优惠',
    purpose: 'marketing',
    signature: '中国电信',
    body: '{{honorific}}您好，每月可省{{save}}元',
  };

  it('SYS-1 are closed to managers', async () => {
    const manager = await logIn(office.test, 'm01');
    expect((await manager.get('/sms/templates')).status).toBe(403);
    expect((await manager.get('/sms/blasts')).status).toBe(403);
  });

  it('show the form again with the sentence at the field and what was typed', async () => {
    await planner.get('/sms/templates/new');
    const refused = await planner.post('/sms/templates', { ...template, body: '【银行】{{save}}' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('正文里不能有“【”');
    expect(refused.text).toContain('【银行】{{save}}');
    expect(refused.text).toContain('id="body-error"');
  });

  it('lead from the draft to its preview on real customers', async () => {
    const saved = await planner.post('/sms/templates', template);
    expect(saved.headers.location).toBe('/sms/templates/page-offer');
    const blind = await planner.get('/sms/templates/page-offer');
    expect(blind.text).toContain('没有叫 save 的变量');
    expect(blind.text).toMatch(/试了\d+个号码，一条短信也没拼成/);
    expect(blind.text).not.toContain('没有可预览的客户');
    const page = await planner.get('/sms/templates/page-offer?segment=page-list');
    expect(page.text).toContain('【中国电信】陈先生您好，每月可省5.10元拒收请回复R');
    expect(page.text).toContain('欧阳女士');
    expect(page.text).not.toContain('批准 v1'); // the author is not the approver
  });

  it('put a variable in and look at it, keeping nothing', async () => {
    // what only the question about an order knows would leave everybody out
    expect((await planner.get('/sms/templates/page-offer')).text).not.toContain('order.product');
    const typed = await planner.post('/sms/templates/page-offer', { signature: '中国电信', body: '您好', insert: 'name', segment: 'page-list' });
    expect(typed.status).toBe(200);
    expect(typed.text).toContain('>您好{{name}}</textarea>');
    expect(typed.text).toContain('【中国电信】您好陈志远拒收请回复R');
    const half = await planner.post('/sms/templates/page-offer', { signature: '中国电信', body: '您好{{na', preview: '1' });
    expect(half.text).toContain('变量写作 {{名称}}');
    expect(half.text).toContain('正文有错，还拼不成短信');
    expect(half.text).not.toContain('没有可预览的客户');
    expect((await office.planner.get('/sms/templates/page-offer')).body).toMatchObject({ version: 1, body: template.body });
  });

  it('say of a number that is none that the number is wrong, not the text', async () => {
    const typed = await planner.post('/sms/templates/page-offer', { signature: '中国电信', body: '您好', phones: '12345', preview: '1' });
    expect(typed.text).toContain('号码不对，没有可看的短信');
    expect(typed.text).not.toContain('正文有错');
  });

  it('SMS-1 let a second person refuse with a reason its author reads; she sees what the author saw', async () => {
    const page = await supervisor.get('/sms/templates/page-offer');
    expect(page.text).toContain('【中国电信】陈先生您好，每月可省5.10元');
    expect(page.text).not.toContain('没有叫 save 的变量');
    const blank = await supervisor.post('/sms/templates/page-offer/refuse', { version: '1', reason: '' });
    expect(blank.status).toBe(422);
    expect(blank.text).toContain('id="reason-error"');
    expect(blank.text).toContain('每月可省{{save}}元</textarea>');
    expect((await planner.post('/sms/templates/page-offer/refuse', { version: '1', reason: '自己' })).status).toBe(422);
    expect((await supervisor.post('/sms/templates/page-offer/refuse', { version: '1', reason: '优惠要写明期限' })).status).toBe(303);
    const read = (await planner.get('/sms/templates/page-offer')).text;
    expect(read).toContain('优惠要写明期限');
    expect(read).toContain('v1 已退回');
    expect((await office.planner.get('/sms/templates/page-offer')).body).toMatchObject({ state: 'draft', refused: { reason: '优惠要写明期限' } });
    await office.planner.post('/sms/templates', { ...template, code: 'page-again' });
    const api = await office.house('supervisor-e');
    expect((await api.post('/sms/templates/page-again/refuse', { reason: '再想想' })).body).toMatchObject({
      state: 'draft',
      refused: { reason: '再想想' },
    });
    const again = await office.planner.patch('/sms/templates/page-again', { signature: '中国电信', body: '您好，改过了' });
    expect(again.body).toMatchObject({ version: 2, refused: null });
  });

  it('let a typo in the name be corrected: no new version, nothing to approve', async () => {
    const saved = await planner.post('/sms/templates/page-offer', { ...template, name: '改对的名字', save: '1' });
    expect(saved.status).toBe(303);
    expect((await office.planner.get('/sms/templates/page-offer')).body).toMatchObject({ name: '改对的名字', version: 1 });
    expect((await planner.get('/sms/templates/page-offer')).text).toContain('name="name" value="改对的名字"');
    await planner.post('/sms/templates/page-offer', { ...template, save: '1' });
  });

  it('let a second person approve', async () => {
    const page = await supervisor.get('/sms/templates/page-offer');
    expect(page.text).toContain('批准 v1');
    expect((await supervisor.post('/sms/templates/page-offer/approve')).status).toBe(303);
    expect((await supervisor.get('/sms/templates')).text).toContain('v1 已批准');
  });

  it('say so when the author approves all the same', async () => {
    await planner.post('/sms/templates/page-offer', { signature: '中国电信', body: '第二版', save: '1' });
    const own = await planner.post('/sms/templates/page-offer/approve');
    expect(own.status).toBe(422);
    expect(own.text).toContain('自己写的模板须由另一人批准');
  });
});

describe('the blast pages, without scripts', () => {
  it('edits a draft with what it has, also what nobody could choose now: saved untouched, nothing of it changes', async () => {
    const wish = { code: 'kept-as-is', template: 'kept-raw', segment: 'page-list', gateway: 'simulator' };
    await office.planner.post('/sms/templates', {
      code: 'kept-raw',
      name: '未批',
      purpose: 'marketing',
      signature: '中国电信',
      body: '{{honorific}}您好',
    });
    expect((await office.planner.post('/sms/blasts', wish)).status).toBe(201);
    office.test.clock.advance(1_000);
    const spare = { code: 'a-spare', kind: 'simulator', ratePerSecond: 10 };
    expect((await (await office.house('admin')).post('/sms/gateways', spare)).status).toBe(201);
    // proposed is the one that is taken where none is named, not the first by name
    expect((await planner.get('/sms/blasts/new')).text).toMatch(/<select[^>]* name="gateway"><option value="simulator"/);
    await office.test.db.run(sql`update messaging.gateway set active = code <> 'simulator'`);
    const { text } = await planner.get('/sms/blasts/kept-as-is/edit');
    expect(text).toMatch(/<option value="kept-raw" selected>未批 · [^·<]+ · 未批准</);
    expect(text).toMatch(/<option value="simulator" selected>simulator（模拟网关） · 已停用/);
    const chosen = (name: string): string => new RegExp(`<select[^>]* name="${name}"[^]*?value="([^"]+)" selected`).exec(text)?.[1] ?? '';
    const form = {
      name: '改了名',
      template: chosen('template'),
      segment: / name="segment" value="([^"]*)"/.exec(text)?.[1] ?? '',
      gateway: chosen('gateway'),
      notBefore: '',
      notAfter: '',
    };
    expect((await planner.post('/sms/blasts/kept-as-is/edit', form)).status).toBe(303);
    expect((await office.planner.get('/sms/blasts/kept-as-is')).body).toMatchObject({ name: '改了名', template: 'kept-raw', gateway: 'simulator' });
    expect((await planner.get('/sms/blasts/new')).text).toContain('<option value="">请选择模板</option>');
    await office.test.db.run(sql`update messaging.gateway set active = code = 'simulator'`);
  });

  it('walk from draft to done; the seven figures are links to exactly their rows', async () => {
    await addTemplate(office, 'page-note', '{{honorific}}您好');
    await planner.get('/sms/blasts/new');
    const refused = await planner.post('/sms/blasts', { code: 'page-blast', name: '首轮', template: 'page-note', segment: '', gateway: 'simulator' });
    expect(refused.status).toBe(422);
    const made = await planner.post('/sms/blasts', {
      code: 'page-blast',
      name: '首轮',
      template: 'page-note',
      segment: 'page-list',
      gateway: 'simulator',
      notBefore: '',
      notAfter: '',
      ratePerSecond: '',
    });
    expect(made.headers.location).toBe('/sms/blasts/page-blast');
    const draft = await planner.get('/sms/blasts/page-blast');
    expect(draft.text).toContain('开始发送');
    expect(draft.text).toContain('【中国电信】陈先生您好拒收请回复R');
    expect(draft.text).toContain('网关 simulator（模拟网关）');
    expect((await planner.get('/sms/blasts/page-blast/approval')).text).toMatch(
      /【中国电信】<mark class="sc-field">称呼<\/mark>您好拒收请回复R<\/div>/,
    );
    expect((await planner.post('/sms/blasts/page-blast/start')).status).toBe(303);
    const running = await planner.get('/sms/blasts/page-blast');
    expect(running.text).toContain('hx-trigger="every 2s"');
    // there before the first minute is over, for the figures to come into
    expect(running.text).toMatch(/data-table="t-min" data-unit="人"/);
    expect(running.text).toContain('还没有提交');
    await office.drain();
    await office.pass(1);
    const fragment = await planner.agent.get('/sms/blasts/page-blast/progress').set('hx-request', 'true');
    expect(fragment.text).not.toContain('every 2s');
    expect(fragment.text).not.toContain('<html');
    expect(fragment.text).toContain('100.0%');
    expect(fragment.text).toContain('未同意营销短信');
    expect(fragment.text).toMatch(/<table [^>]*id="t-min" hx-swap-oob="true">.*data-v="2"/);
    const rows = await planner.get('/sms/blasts/page-blast/messages?state=refused');
    expect(rows.text).toContain('于洋');
    expect(rows.text).not.toContain('陈志远');
    expect(rows.text).not.toContain(numberOf(3)); // lists are masked
  });

  it('SMS-1 propose the next free code, which may be typed over or left to the house', async () => {
    const proposed = async (): Promise<string> => / name="code" value="([^"]*)"/.exec((await planner.get('/sms/blasts/new')).text)?.[1] ?? '';
    const wish = { name: '编码', template: 'birthday', segment: 'page-list', gateway: 'simulator' };
    const first = await proposed();
    expect(first).toMatch(/^B\d{4}-01$/);
    const month = first.slice(0, -2);
    expect((await planner.post('/sms/blasts', { ...wish, code: first })).headers.location).toBe(`/sms/blasts/${first}`);
    expect(await proposed()).toBe(`${month}02`);
    expect((await planner.post('/sms/blasts', { ...wish, code: `${month}07` })).status).toBe(303);
    // of the shape of none that was proposed: counts for nothing
    expect((await planner.post('/sms/blasts', { ...wish, code: `${month}07-again-2` })).status).toBe(303);
    const taken = await planner.post('/sms/blasts', { ...wish, code: `${month}07` });
    expect(taken.status).toBe(409);
    expect(taken.text).toMatch(new RegExp(` name="code" value="${month}07" placeholder="${month}08"[^>]*aria-invalid="true"`));
    const left = await Promise.all([planner.post('/sms/blasts', { ...wish, code: '' }), planner.post('/sms/blasts', { ...wish, code: '' })]);
    expect(left.map(({ headers }) => headers.location).sort()).toEqual([`/sms/blasts/${month}08`, `/sms/blasts/${month}09`]);
    expect((await office.planner.post('/sms/blasts', { template: 'birthday', segment: 'page-list' })).status).toBe(422);
  });

  it('give the next free code where somebody took the proposed one meanwhile, say so, and refuse one that was typed', async () => {
    const opened = (await planner.get('/sms/blasts/new')).text;
    const proposed = / name="proposed" value="(B\d{4}-\d+)"/.exec(opened)?.[1] ?? '';
    expect(opened).toContain(` name="code" value="${proposed}"`);
    const wish = { name: '同时', template: 'birthday', segment: 'page-list', gateway: 'simulator' };
    expect((await planner.post('/sms/blasts', { ...wish, code: proposed, proposed })).headers.location).toBe(`/sms/blasts/${proposed}`);
    const next = proposed.replace(/\d+$/, (last) => String(Number(last) + 1).padStart(2, '0'));
    // what came back for another fault still knows what it had proposed
    const faulty = await planner.post('/sms/blasts', { ...wish, ratePerSecond: '-1', code: proposed, proposed });
    expect(faulty.text).toContain(` name="proposed" value="${proposed}"`);
    expect((await planner.post('/sms/blasts', { ...wish, code: proposed, proposed })).headers.location).toBe(`/sms/blasts/${next}`);
    expect((await planner.get(`/sms/blasts/${next}`)).text).toContain(`已存为草稿：同时。编码${proposed}刚被别人用了，换成了${next}`);
    const typed = await planner.post('/sms/blasts', { ...wish, code: proposed, proposed: `${next}0` });
    expect([typed.status, typed.text]).toEqual([409, expect.stringContaining('id="code-error"')]);
  });

  it('SMS-2 show beside the form what would be sent: the text as written, and as customers of the segment read it', async () => {
    const look = async (query: object): Promise<string> => (await planner.agent.get('/sms/blasts/new/look').query(query)).text;
    expect((await planner.get('/sms/blasts/new')).text).toContain('选好模板，这里显示正文');
    expect(await look({})).toContain('选好模板，这里显示正文');
    expect(await look({ template: 'birthday', segment: '' })).toMatch(/【[^】]+】[^<]*\{\{honorific\}\}/);
    expect(await look({ template: 'birthday', segment: '没这个' })).toContain('选好客群后');
    const read = await look({ template: 'birthday', segment: 'page-list' });
    expect(read).toMatch(/class="sc-bubble"[^>]*>【[^】]+】/);
    expect(read).not.toContain('{{');
    expect((await planner.agent.get('/sms/blasts/new/look').query({ template: 'nobodys' })).status).toBe(404);
  });

  it('keep what was typed when a part of the blast is not there any more', async () => {
    await planner.get('/sms/blasts/new');
    const gone = await planner.post('/sms/blasts', {
      code: 'page-gone',
      name: '名字还在',
      template: 'page-offer',
      segment: 'gone-list',
      gateway: 'simulator',
    });
    expect(gone.status).toBe(422);
    expect(gone.text).toContain('名字还在');
    expect(gone.text).toMatch(/name="segment" value="gone-list"[^>]*aria-invalid="true"/);
    expect(gone.text).toContain('没有名称或编码是“gone-list”的客群');
  });

  it('SMS-2 find any segment by what is typed of its name or code, however many there are', async () => {
    await office.test.db.run(sql`
      insert into segments.segment (code, name, members, org_unit_id, created_at, updated_at)
      select case n when 0 then 'renew-2019' else 'later-' || n end, case when n = 0 then '老宽带续约' when n < 3 then '同名' else '别的' || n end, 7, id, '2026-01-01', '2026-01-01'
      from staff.org_unit, generate_series(0, 130) n where code = 'east' order by n`);
    await office.test.db.run(sql`
      insert into segments.segment (code, name, org_unit_id, created_at, updated_at)
      select 'renew-west', '西区续约', id, '2026-01-01', '2026-01-01' from staff.org_unit where code = 'west'`);
    const blank = (await planner.get('/sms/blasts/new')).text;
    expect(blank.match(/<option value="later-/g)).toHaveLength(50);
    expect(blank).not.toContain('renew-2019');
    const proposed = await planner.agent.get('/segments/search/choices').query({ segment: '续约' }).set('hx-request', 'true');
    expect(proposed.text).toMatch(/^<option value="renew-2019">老宽带续约 · 7个号码<\/option>\s*<div [^>]*hx-swap-oob="true"/);
    expect((await planner.agent.get('/segments/search/choices').query({ segment: 'renew-2019' })).text).toMatch(
      /id="segment-chosen"[^>]*>老宽带续约/,
    );
    const wish = { name: '续约', template: 'birthday', gateway: 'simulator' };
    const tell = async (segment: string): Promise<string> => (await planner.post('/sms/blasts', { ...wish, code: '', segment })).text;
    expect(await tell('renew-west')).toContain('没有名称或编码是“renew-west”的客群');
    const near = await tell('宽带');
    expect(near).toContain('没有名称或编码是“宽带”的客群，相近的有老宽带续约 (renew-2019)');
    // without a script the next look at the box proposes them
    expect(near).toMatch(/<datalist id="segment-choices"><option value="renew-2019">/);
    expect(await tell('同名')).toContain('叫“同名”的客群不止一个：同名 (later-2)、同名 (later-1)；请填编码');
    const made = await planner.post('/sms/blasts', { ...wish, code: 'by-its-name', segment: ' 老宽带续约 ' });
    expect(made.headers.location).toBe('/sms/blasts/by-its-name');
    expect((await office.planner.get('/sms/blasts/by-its-name')).body).toMatchObject({ segment: 'renew-2019' });
    expect((await planner.get('/sms/blasts/by-its-name/edit')).text).toMatch(/ name="segment" value="renew-2019"/);
    const moved = await planner.post('/sms/blasts/by-its-name/edit', { ...wish, segment: '没有的' });
    expect(moved.status).toBe(422);
    expect(moved.text).toContain('没有名称或编码是“没有的”的客群');
  });

  it('SMS-2 look at a template on any segment, and say of one that is none that there is none', async () => {
    const look = (segment: string): Promise<{ text: string }> =>
      planner.post('/sms/templates/page-offer', { signature: '中国电信', body: '{{honorific}}您好，每月可省{{save}}元', segment, preview: '1' });
    const unknown = (await look('没这个')).text;
    expect(unknown).toContain('没有名称或编码是“没这个”的客群');
    expect(unknown).toMatch(/ name="segment" value="没这个"/);
    expect((await planner.get('/sms/templates/page-offer')).text).toMatch(/ name="segment" value="page-list"/);
    expect((await look('老宽带续约')).text).toMatch(/ name="segment" value="renew-2019"/);
    // and whoever approves it looks at the same
    expect((await supervisor.get('/sms/templates/page-offer')).text).toMatch(/ name="segment" value="renew-2019"/);
  });

  it('say what narrows a list given by the API, and do not drop it', async () => {
    const filter = { field: 'gender', op: 'in', value: ['female'] };
    await addTemplate(office, 'narrow', '{{honorific}}您好', 'service');
    await office.planner.post('/sms/blasts', { code: 'narrow', template: 'narrow', segment: 'page-list', filter, gateway: 'simulator' });
    for (const page of ['/sms/blasts/narrow', '/sms/blasts/narrow/approval']) {
      const { text } = await planner.get(page);
      expect(text).toContain('只发给其中符合下列条件的人');
      expect(text).toMatch(/性别[^<]*女/);
    }
    const wish = { name: '改名', template: 'narrow', segment: 'page-list', gateway: 'simulator' };
    for (const refused of [await planner.get('/sms/blasts/narrow/edit'), await planner.post('/sms/blasts/narrow/edit', wish)]) {
      expect(refused.status).toBe(409);
      expect(refused.text).toContain('这个草稿带筛选条件');
    }
    await office.planner.post('/sms/blasts', { code: 'everybody', template: 'narrow', filter: {}, gateway: 'simulator' });
    expect((await planner.get('/sms/blasts/everybody')).text).toContain('没有名单，也没有条件');
    await office.planner.post('/sms/blasts/narrow/start');
    expect((await office.planner.get('/sms/blasts/narrow')).body).toMatchObject({ audience: 1 });
  });

  it('R8 say what a failure is, and what its code means, on page, list and file alike', async () => {
    await office.test.app.get(GatewaysCommands, { strict: false }).configureSimulator('simulator', { undelivered: 1 });
    await planner.post('/sms/blasts', { code: 'page-fails', name: '全失败', template: 'birthday', segment: 'page-list', gateway: 'simulator' });
    await planner.post('/sms/blasts/page-fails/start');
    await office.drain();
    await office.pass(1);
    const said = /<code>UNDELIV 027<\/code> <span[^>]*>技术原因<\/span><div[^>]*>手机关机或不在服务区<\/div>/;
    expect((await planner.get('/sms/blasts/page-fails')).text).toMatch(said);
    expect((await planner.get('/sms/blasts/page-fails/messages?state=failed')).text).toMatch(said);
    const file = (await planner.agent.get('/exports/files/blast-messages?blast=page-fails&state=failed&format=csv')).text;
    expect(file).toContain('原因,失败类别,失败说明');
    expect(file).toContain('UNDELIV 027,技术原因,手机关机或不在服务区');
    // to a line of SMGP the same number would say something else
    await office.test.db.run(sql`update messaging.gateway set kind = 'smgp' where code = 'simulator'`);
    await office.test.db.run(sql`update messaging.recipient set reason = 'UNDELIV 005' where reason = 'UNDELIV 027'`);
    await office.test.db.run(sql`update messaging.message set network_code = 'UNDELIV 005' where network_code = 'UNDELIV 027'`);
    expect((await planner.get('/sms/blasts/page-fails')).text).toMatch(
      /UNDELIV 005<\/code> <span[^>]*>网络拒收<\/span><div[^>]*>用户在短信中心的黑名单里</,
    );
    await office.test.db.run(sql`update messaging.gateway set kind = 'simulator' where code = 'simulator'`);
    await office.test.app.get(GatewaysCommands, { strict: false }).configureSimulator('simulator', {});
  });

  it('ask with the number before the rest is cancelled', async () => {
    await planner.post('/sms/blasts', { code: 'page-cancel', name: '待取消', template: 'birthday', segment: 'page-list', gateway: 'simulator' });
    const draft = (await planner.get('/sms/blasts/page-cancel/cancel')).text;
    expect([draft.includes('作废草稿“待取消”？'), draft.includes('继续发送')]).toEqual([true, false]);
    await planner.post('/sms/blasts/page-cancel/start');
    await planner.post('/sms/blasts/page-cancel/pause');
    expect((await planner.get('/sms/blasts/page-cancel')).text).toContain('已暂停');
    expect((await planner.get('/sms/blasts/page-cancel/cancel')).text).toContain('取消剩余 3 条短信？');
    await planner.post('/sms/blasts/page-cancel/cancel');
    expect((await planner.get('/sms/blasts/page-cancel')).text).toContain('已取消');
    // nothing is asked that has happened already
    for (const question of ['cancel', 'start'])
      expect((await planner.get(`/sms/blasts/page-cancel/${question}`)).headers.location).toBe('/sms/blasts/page-cancel');
    const again = await planner.post('/sms/blasts/page-cancel/start');
    expect(again.status).toBe(409);
    expect(again.text).toContain('这个群发现在的状态不能这样操作');
    expect((await planner.get('/sms/blasts')).text).toContain('待取消');
  });

  it('speak English when asked to', async () => {
    const page = await planner.get('/sms/blasts/page-blast?lang=en');
    expect(page.text).toContain('one message each');
    await planner.get('/sms/blasts?lang=zh');
  });
});
