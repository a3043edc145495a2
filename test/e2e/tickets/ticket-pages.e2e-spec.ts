import ExcelJS from 'exceljs';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { csrfOf, logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { CareWorld, person, type Person } from '../care/care-world.js';

let world: CareWorld;
let manager: PageVisitor;
let supervisor: PageVisitor;
beforeAll(async () => {
  world = await CareWorld.open();
  [manager, supervisor] = [await logIn(world.test, 'm01'), await logIn(world.test, 'supervisor-e')];
});
afterAll(() => world.test.close());

const open = async (who: Person, form: object = {}, by = 'm01'): Promise<string> => {
  const answer = await (await world.house(by)).post('/tickets', { kind: 'complaint', text: '夜里通话常中断', phone: who.phone, ...form });
  return (answer.body as { no: string }).no;
};
const clear = (): Promise<unknown> => world.test.db.run(sql`truncate tickets.ticket, tickets.entry restart identity`);
const numbersIn = (html: string): string[] =>
  [...html.matchAll(/<th scope="row"[^>]*><a href="\/tickets\/([A-Z]{2}-\d+)"/g)].map(([, no]) => no ?? '');
const look = async (path: string, by = manager): Promise<string> => {
  const answer = await by.get(path);
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status} ${answer.headers.location ?? ''}`);
  return answer.text;
};
const later = (minutes: number): void => world.test.clock.advance(minutes * 60_000);
/** One press of a button on the page of a ticket; the page it leads to. */
const press = async (no: string, deed: string, more: Record<string, string> = {}, by = manager): Promise<string> => {
  await look(`/tickets/${no}`, by);
  const answer = await by.post(`/tickets/${no}/steps`, { deed, note: '', to: '', unit: '', into: '', ...more });
  if (answer.status !== 303) throw new Error(`${deed} answers ${answer.status} ${answer.text}`);
  return look(answer.headers.location ?? '', by);
};

describe('TIC-1 a ticket is opened by hand', () => {
  it('on the form, and stands on its page and first in the list', async () => {
    await clear();
    expect(await look('/tickets')).toContain('没有要管的工单，真好');
    const who = await person(world.test.db);
    expect(await look('/tickets/new')).toContain('24小时');
    const sent = await manager.post('/tickets', { phone: who.phone, kind: 'fault', scope: '', text: '家里光猫红灯' });
    expect([sent.status, sent.headers.location]).toEqual([303, '/tickets/GZ-000001']);
    const page = await look('/tickets/GZ-000001');
    for (const words of ['已开工单GZ-000001', '家里光猫红灯', '待接手', '剩1天0小时']) expect(page).toContain(words);
    expect(numbersIn(await look('/tickets'))).toEqual(['GZ-000001']);
  });

  it.each([
    ['without a kind', { kind: '' }, 'kind-error'],
    ['without words', { text: '  ' }, 'text-error'],
    ['for a number that is none', { phone: '12' }, '手机号应为11位；这里是2位'],
    ['for a number nobody has', { phone: '13900009999' }, '没有这个号码的客户'],
  ])('%s it comes back with the sentence at the field, and what was typed stays', async (_, wrong, sentence) => {
    const who = await person(world.test.db);
    const again = await manager.post('/tickets', { phone: who.phone, kind: 'fault', scope: 'across', text: '不该丢的话', ...wrong });
    expect(again.status).toBe(422);
    expect(again.text).toContain(sentence);
    if (!('text' in wrong)) expect(again.text).toContain('不该丢的话');
  });

  it('for a customer from their page; of another unit neither page nor form opens one', async () => {
    const who = await person(world.test.db);
    expect(await look(`/tickets/new?customer=${who.id}`)).toContain(`name="customer" value="${who.id}"`);
    const sent = await manager.post('/tickets', { customer: who.id, kind: 'business', text: '办副卡' });
    expect(sent.status).toBe(303);
    const west = await logIn(world.test, 'm11');
    expect((await west.get(`/tickets/new?customer=${who.id}`)).status).toBe(404);
    expect((await west.post('/tickets', { phone: who.phone, kind: 'fault', text: 'x' })).text).toContain('不在您的范围内');
    expect((await west.get(sent.headers.location ?? '')).status).toBe(404);
  });
});

describe('TIC-2 the countdown list', () => {
  let late: string;
  let soon: string;
  let waiting: string;
  beforeAll(async () => {
    await clear();
    soon = await open(await person(world.test.db));
    waiting = await open(await person(world.test.db, { manager: 'm02' }), { kind: 'fault', scope: 'across' }, 'm02');
    await press(waiting, 'assign', { to: 'm02' }, supervisor);
    await press(waiting, 'wait', { note: '等客户补材料' }, await logIn(world.test, 'm02'));
    late = await open(await person(world.test.db), { kind: 'correction', text: '=1+1' });
    later(16);
  });

  it('the one that runs out first comes first, says how long it is over, and is the one to do next', async () => {
    const page = await look('/tickets?view=all');
    expect(numbersIn(page)).toEqual([late, soon, waiting]);
    const [, first = '', second = ''] = page.split('<tr');
    expect(page.split('先办这张')).toHaveLength(2);
    expect(page.slice(page.indexOf(late), page.indexOf(soon))).toContain('超1分');
    expect(page.slice(page.indexOf(soon), page.indexOf(waiting))).toContain('剩23小时44分');
    expect(page.slice(page.indexOf(waiting))).toContain('停表，余1天0小时');
    expect(first + second).not.toContain('undefined');
  });

  it('a manager begins with what is theirs to do, a supervisor with all that is open', async () => {
    expect(numbersIn(await look('/tickets'))).toEqual([late, soon]);
    expect(numbersIn(await look('/tickets', supervisor))).toEqual([late, soon, waiting]);
    expect(await look('/tickets', supervisor)).toMatch(/href="\/tickets\?mark&#x3D;late" aria-current="page">[\s\S]*?<\/span>1<\/span>/);
  });

  it('the number in the rail leads to just the rows it counts', async () => {
    const rail = /class="sc-rail__item" href="(\/tickets[^"]*)"[^]*?<\/i>[^<]*<span class="sc-rail__n"><span[^>]*>[^<]*<\/span>(\d+)/;
    for (const visitor of [manager, supervisor]) {
      const [, href = '', count] = rail.exec(await look('/account', visitor)) ?? [];
      expect([href, numbersIn(await look(unescaped(href), visitor)).length]).toEqual([href, Number(count)]);
    }
    expect(unescaped(rail.exec(await look('/account', supervisor))?.[1] ?? '')).toBe('/tickets?mark=late');
  });

  it('every pill counts exactly the rows it shows, also within a kind', async () => {
    for (const start of ['/tickets?view=all', '/tickets?view=all&kind=fault', '/tickets?view=all&scope=inside']) {
      const pills = [...(await look(start)).matchAll(/class="sc-pill" href="([^"]+)"[^>]*>[^<\d]*(\d+)<\/a>/g)];
      expect(pills).toHaveLength(7);
      for (const [, href = '', count] of pills) {
        const address = href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
        expect([address, numbersIn(await look(address)).length]).toEqual([address, Number(count)]);
      }
    }
  });

  it('filters stand in the address; what finds nothing says which way out', async () => {
    expect(numbersIn(await look('/tickets?view=all&kind=fault'))).toEqual([waiting]);
    expect(numbersIn(await look('/tickets?state=waiting'))).toEqual([waiting]);
    expect(numbersIn(await look('/tickets?mark=late'))).toEqual([late]);
    const nothing = await look('/tickets?view=all&kind=business');
    expect(nothing).toContain('这个筛选下没有工单');
    expect(nothing).toMatch(/<option value="business" selected>/);
    expect((await manager.get('/tickets?kind=war')).status).toBe(422);
    expect((await manager.get('/tickets?cursor=x')).status).toBe(400);
  });

  it('pages hold every ticket once', async () => {
    for (let i = 0; i < 50; i += 1) await open(await person(world.test.db), { kind: 'suggestion' });
    const first = await look('/tickets?view=all');
    const next = /class="sc-end" href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    const second = await look(next);
    expect(first).toContain('本页50张，共53张');
    expect(new Set([...numbersIn(first), ...numbersIn(second)]).size).toBe(53);
    expect(second).not.toContain('先办这张');
  });

  it('REP-4 the export is the list as it stands: its filter, its order, its words', async () => {
    expect(await look('/tickets')).not.toContain('/exports/files/tickets');
    expect((await manager.get('/exports/files/tickets')).status).toBe(403);
    const page = await look('/tickets?view=all&kind=correction', supervisor);
    const href = /href="(\/exports\/files\/tickets[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    const file = await supervisor.agent
      .get(href)
      .buffer(true)
      .parse((answer, done) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => done(null, Buffer.concat(parts)));
      });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((file.body as Buffer).buffer as ArrayBuffer);
    const rows = (book.worksheets[0]?.getSheetValues() ?? []).slice(1) as unknown[][];
    expect(rows[0]?.slice(1, 5)).toEqual(['单号', '种类', '范围', '事由']);
    expect(rows.slice(1).map((row) => row[1])).toEqual(numbersIn(page));
    expect(rows[1]).toEqual(expect.arrayContaining([late, '纠错', '省内', '超1分', '首次答复', '待接手']));
  });
});

describe('TIC-3 what a person may do stands on the page of the ticket', () => {
  it('take, answer, wait, go on, urge, escalate, solve, close: each a press, each in the history with its words', async () => {
    const no = await open(await person(world.test.db), { kind: 'consultation', text: '副卡能否共享流量' });
    expect(await look(`/tickets/${no}`)).not.toContain('value="solve"');
    expect(await press(no, 'take')).toContain(`${no}由您接手`);
    expect(await press(no, 'urge', { note: '客户又来电' })).toContain('催1次');
    await press(no, 'escalate');
    expect(await look(`/tickets/${no}`)).not.toContain('value="escalate"');
    await press(no, 'answer', { note: '已电话说明' });
    await press(no, 'wait');
    expect(await look(`/tickets/${no}`)).toContain('停表，余');
    await press(no, 'resume');
    await press(no, 'solve');
    const closed = await press(no, 'close');
    for (const words of ['客户又来电', '已电话说明', '林晓雯', '升级', '办结用时']) expect(closed).toContain(words);
    expect(await press(no, 'reopen')).toContain('处理中');
  });

  it('assign lists the people of its unit, transfer the units, and whoever hands it out of sight is led back to the list', async () => {
    const no = await open(await person(world.test.db, { manager: 'm02' }), {}, 'm02');
    const page = await look(`/tickets/${no}`, supervisor);
    expect([page.includes('<option value="m02"'), page.includes('<option value="m11"')]).toEqual([true, false]);
    expect(await press(no, 'assign', { to: 'm02' }, supervisor)).toContain('周可欣');
    expect(await press(no, 'transfer', { unit: 'west-1', note: '归属西城' }, supervisor)).toContain(`${no}已转派`);
    expect((await supervisor.get(`/tickets/${no}`)).status).toBe(404);
    expect(await look(`/tickets/${no}`, await logIn(world.test, 'm11'))).toContain('归属西城');
  });

  it('a double is made part of the other', async () => {
    const who = await person(world.test.db);
    const [first, second] = [await open(who), await open(who, { text: '又断了' })];
    expect(await look(`/tickets/${second}`)).toContain(`<option value="${first}"`);
    expect(await press(second, 'merge', { into: first })).toContain(`href="/tickets/${first}"`);
  });

  it.each([
    ['assign', '请选处理单位内在岗的客户经理或主管', 'to'],
    ['transfer', '没有这个单位', 'unit'],
  ])('%s without a choice comes back with the sentence at its box and the note', async (deed, sentence, box) => {
    const no = await open(await person(world.test.db));
    const again = await manager.post(`/tickets/${no}/steps`, { deed, note: '不该丢的话', [box]: '' });
    expect(again.status).toBe(422);
    for (const words of [sentence, '不该丢的话', `id="${box}-error"`]) expect(again.text).toContain(words);
  });

  it('somebody else was faster: the page says who has it, and shows how it stands now', async () => {
    const no = await open(await person(world.test.db));
    await look(`/tickets/${no}`);
    await press(no, 'take', {}, supervisor);
    const late = await manager.post(`/tickets/${no}/steps`, { deed: 'take', note: '我来' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('已被赵敏接手');
    await press(no, 'escalate');
    expect((await manager.post(`/tickets/${no}/steps`, { deed: 'escalate' })).text).toContain('已经升级过了');
  });

  it('is no page for planners, judges and clients, nor for another unit', async () => {
    const no = await open(await person(world.test.db));
    const planner = await logIn(world.test, 'planner-e');
    for (const path of ['/tickets', '/tickets/new', `/tickets/${no}`]) expect((await planner.get(path)).status).toBe(403);
    const west = await logIn(world.test, 'm11');
    expect((await west.get(`/tickets/${no}`)).status).toBe(404);
    expect((await west.post(`/tickets/${no}/steps`, { deed: 'urge' })).status).toBe(404);
  });
});

describe('TIC-1 at the call desk', () => {
  const hold = async (): Promise<{ who: Person; task: string }> => {
    const who = await person(world.test.db);
    await world.test.db.run(sql`update customers.customer set call_consent = true where id = ${who.id}`);
    const task = await world.test.db.one<{ id: string }>(sql`
      insert into calls.task (campaign_id, customer_id, line_id, cycle, owner_id, due_on, star, created_at)
      select p.id, ${who.id}, ${who.lineId}, 'x', u.id, '2026-11-24', 7, ${world.test.clock.now()}
      from campaigns.campaign p, staff.app_user u where p.code = 'daily-care' and u.username = 'm01' returning id`);
    await look('/today');
    const claimed = await manager.post(`/tasks/${task.id}/claim`);
    if (claimed.headers.location !== '/desk') throw new Error(`not held: ${claimed.status} ${claimed.headers.location}`);
    return { who, task: task.id };
  };
  const save = async (task: string, fields: Record<string, string>): Promise<void> => {
    const startedAt = /name="startedAt" value="([^"]+)"/.exec(await look('/desk'))?.[1] ?? '';
    later(1);
    const saved = await manager.post(`/tasks/${task}/attempts`, { startedAt, talkSeconds: '40', then: 'stay', ...fields });
    if (saved.status !== 303) throw new Error(`not saved: ${saved.text}`);
  };

  it('one is opened while the call is held, by the manager who hears it, and the call stays', async () => {
    const { who, task } = await hold();
    expect(await look('/desk')).toContain(`href="/tasks/${task}/ticket"`);
    expect(await look(`/tasks/${task}/ticket`)).toContain('通话不受影响');
    const wrong = await manager.post(`/tasks/${task}/ticket`, { kind: '', text: '不该丢的话' });
    expect([wrong.status, wrong.text.includes('不该丢的话'), wrong.text.includes('kind-error')]).toEqual([422, true, true]);
    const opened = await manager.post(`/tasks/${task}/ticket`, { kind: 'business', text: '办副卡' });
    expect(opened.headers.location).toBe('/desk');
    const desk = await look('/desk');
    expect([desk.includes('已开工单YW-'), desk.includes(`action="/tasks/${task}/attempts"`)]).toEqual([true, true]);
    const { items } = (await (await world.house('m01')).get(`/tickets?customer=${who.id}`)).body as { items: object[] };
    expect(items).toMatchObject([{ kind: 'business', text: '办副卡', state: 'assigned', assignee: '林晓雯' }]);
    await save(task, { outcome: 'reached' });
    expect((await manager.get(`/tasks/${task}/ticket`)).status).toBe(404);
  });

  it('with htmx only the form is drawn again, and says the number', async () => {
    const { task } = await hold();
    const answer = await manager.agent
      .post(`/tasks/${task}/ticket`)
      .set({ accept: 'text/html', 'hx-request': 'true' })
      .type('form')
      .send({ _csrf: csrfOf(await look('/desk')), kind: 'fault', text: '没有信号' });
    expect(answer.status).toBe(201);
    expect(answer.text).toMatch(/^<div id="call-ticket"[\s\S]*已开工单GZ-\d{6}/);
    await save(task, { outcome: 'reached' });
  });

  it('a complaint shows the ticket it opened; before it is there it says so', async () => {
    const { task } = await hold();
    await save(task, { outcome: 'complaint', reason: await reasonOf(), note: '账单多收' });
    const link = /href="(\/attempts\/[^"]+\/ticket)"/.exec(await look('/desk'))?.[1] ?? '';
    expect(await look(link)).toContain('工单生成中');
    await drainJobs(world.test.app);
    const led = await manager.get(link);
    expect(led.headers.location).toMatch(/^\/tickets\/TS-\d{6}$/);
    expect(await look(led.headers.location ?? '')).toContain('账单多收');
    // it is the call of whoever made it, supervisors call too
    for (const other of [supervisor, await logIn(world.test, 'm02')]) expect((await other.get(link)).status).toBe(404);
  });

  it('a complaint written down while the call went on is the ticket of that call: there is one, not two', async () => {
    const { who, task } = await hold();
    await manager.post(`/tasks/${task}/ticket`, { kind: 'complaint', text: '重复扣漫游费' });
    await save(task, { outcome: 'complaint', reason: await reasonOf(), note: '客户要求今天答复' });
    await drainJobs(world.test.app);
    await drainJobs(world.test.app);
    const { items } = (await (await world.house('m01')).get(`/tickets?customer=${who.id}`)).body as { items: { no: string; fromCall: boolean }[] };
    expect(items).toMatchObject([{ text: '重复扣漫游费', fromCall: true }]);
    const page = await look(`/tickets/${items[0]?.no}`);
    for (const words of ['客户要求今天答复', '通话结果记为投诉']) expect(page).toContain(words);
  });

  it('a call of another outcome leads to no ticket', async () => {
    const { task } = await hold();
    await save(task, { outcome: 'reached' });
    expect(await look('/desk')).not.toMatch(/href="\/attempts\/[^"]+\/ticket"/);
    const { id } = await world.test.db.one<{ id: string }>(sql`select id from calls.attempt order by created_at desc, id desc limit 1`);
    expect(await look(`/attempts/${id}/ticket`)).toContain('这次通话没有工单');
    expect((await manager.get('/attempts/x/ticket')).status).toBe(404);
  });
});

const reasonOf = async (): Promise<string> =>
  (await world.test.db.maybe<{ code: string }>(sql`select code from calls.outcome_reason order by code limit 1`))?.code ?? '';

describe('CUS-4 the page of the customer', () => {
  it('TIC-1 has what is open with its time, what is closed, and the way to a new one; who reads without may not open', async () => {
    const who = await person(world.test.db);
    expect(await look(`/customers/${who.id}`)).toContain(`hx-get="/customers/${who.id}/tickets"`);
    expect(await look(`/customers/${who.id}/tickets`)).toContain('没有未关闭的工单');
    const [fault, asked] = [await open(who, { kind: 'fault' }), await open(who, { kind: 'consultation', text: '副卡' })];
    for (const deed of ['take', 'solve', 'close']) await press(asked, deed);
    const panel = await look(`/customers/${who.id}/tickets`);
    for (const words of [`href="/tickets/${fault}"`, '剩1天0小时', '已关闭1张', `href="/tickets/new?customer=${who.id}"`])
      expect(panel).toContain(words);
    const read = await look(`/customers/${who.id}/tickets`, await logIn(world.test, 'planner-e'));
    expect([read.includes(fault), read.includes(`/tickets/${fault}"`), read.includes('/tickets/new')]).toEqual([true, false, false]);
    expect((await (await logIn(world.test, 'm11')).get(`/customers/${who.id}/tickets`)).status).toBe(404);
  });

  it('TIC-3 the timeline tells when it was opened, answered, solved, closed, and by whom', async () => {
    const who = await person(world.test.db);
    const no = await open(who, { kind: 'suggestion', text: '周末延长营业' });
    for (const deed of ['take', 'urge', 'answer', 'solve', 'close']) {
      later(1);
      await press(no, deed, { note: `说明${deed}` });
    }
    const page = await look(`/customers/${who.id}/timeline?channel=ticket`);
    const told = [...page.matchAll(/<span class="sc-chip[^"]*">([^<]+)<\/span> <span class="sc-small sc-muted">([^<]+)</g)].map(([, word, title]) => [
      word,
      title,
    ]);
    expect(told).toEqual(['已关闭', '已解决', '首次答复', '开单'].map((word) => [word, no]));
    for (const words of ['周末延长营业', '说明solve', '林晓雯']) expect(page).toContain(words);
    expect(page).not.toContain('说明urge');
  });
});

describe('TIC-4 a solved complaint says what it waits for', () => {
  const solve = async (who: Person, kind = 'complaint'): Promise<string> => {
    const no = await open(who, { kind });
    for (const deed of ['take', 'solve']) await press(no, deed);
    return no;
  };

  it('with the rule switched off: that nobody will call, and what to do', async () => {
    const no = await solve(await person(world.test.db));
    const page = await look(`/tickets/${no}`);
    expect(page).toContain('没有人会回访，这张工单关不了');
    expect(page).not.toContain('/care/rules/service-follow-up');
    expect(page).not.toContain('value="close"');
    expect(await look(`/tickets/${no}`, supervisor)).toContain('/care/rules/service-follow-up');
  });

  describe('with the rule switched on', () => {
    beforeAll(async () => {
      world.test.clock.set('2026-11-24T14:30:00+08:00');
      [manager, supervisor] = [await logIn(world.test, 'm01'), await logIn(world.test, 'supervisor-e')];
      await world.enable('service-follow-up', { restDays: 0 });
    });
    /** The plan of the day puts the call on the list; the manager makes it at the desk. */
    const callBack = async (who: Person, fields: Record<string, string>): Promise<void> => {
      const task = (await world.due(who)).find(({ rule, state }) => rule === 'service-follow-up' && state === 'open')?.taskId ?? '';
      await look('/today');
      const claimed = await manager.post(`/tasks/${task}/claim`);
      if (claimed.headers.location !== '/desk') throw new Error(`not held: ${claimed.status} ${claimed.headers.location}`);
      const desk = await look('/desk');
      expect(desk).toContain('name="satisfaction"');
      const startedAt = /name="startedAt" value="([^"]+)"/.exec(desk)?.[1] ?? '';
      const said = { startedAt, outcome: 'reached', talkSeconds: '40', topics: 'service-follow-up', then: 'stay', ...fields };
      const saved = await manager.post(`/tasks/${task}/attempts`, said);
      if (saved.status !== 303) throw new Error(`not saved: ${saved.text}`);
      await drainJobs(world.test.app);
    };
    const plan = () => world.run('2026-11-24', ['service-follow-up']);

    it.each(['complaint', 'fault'])('CAR-9 a %s says who will call and until when, and the answer at the desk closes it', async (kind) => {
      const who = await person(world.test.db);
      const no = await solve(who, kind);
      expect(await look(`/tickets/${no}`)).toContain('回访排在11-24至12-01，由林晓雯拨打');
      await plan();
      expect(await look(`/tickets/${no}`)).toContain('回访在林晓雯的名单里，11-24至12-01之间拨打');
      await callBack(who, { satisfaction: '4' });
      const closed = await look(`/tickets/${no}`);
      for (const words of ['客户满意度4分', '4 / 5', '已关闭']) expect(closed).toContain(words);
      expect(closed).not.toContain('id="call-back"');
    });

    it('a customer who is not satisfied opens it again, with the mark in the history', async () => {
      const who = await person(world.test.db);
      const no = await solve(who);
      await plan();
      await callBack(who, { satisfaction: '2' });
      const page = await look(`/tickets/${no}`);
      for (const words of ['客户满意度2分', 'value="solve"']) expect(page).toContain(words);
    });

    it('of a customer who will not say how satisfied they are, it says so and how to ask again; solved again it is planned anew', async () => {
      const who = await person(world.test.db);
      const no = await solve(who);
      await plan();
      await callBack(who, { satisfaction: '', outcome: 'refused', reason: await reasonOf() });
      expect(await look(`/tickets/${no}`)).toContain('没有记下满意度');
      await press(no, 'reopen');
      expect(await press(no, 'solve')).toContain('回访排在');
    });

    it('of a customer without a manager it says that nobody will call', async () => {
      const who = await person(world.test.db, { manager: null });
      const no = await open(who, {}, 'supervisor-e');
      for (const deed of ['take', 'solve']) await press(no, deed, {}, supervisor);
      expect(await look(`/tickets/${no}`, supervisor)).toContain('没有客户经理，没人会拨');
      await plan();
      expect(await look(`/tickets/${no}`, supervisor)).toContain('没有客户经理，没人会拨');
    });

    it('with this kind left out of the rule, nobody will call either', async () => {
      const no = await solve(await person(world.test.db), 'fault');
      await world.enable('service-follow-up', { restDays: 0, faults: false });
      expect(await look(`/tickets/${no}`)).toContain('没有人会回访，这张工单关不了');
    });
  });
});

describe('TIC-1, TIC-2, TIC-3 at the keyboard, in the search, and how much time there is', () => {
  beforeAll(clear);

  it('a deed done from the list comes back to it, at the ticket; no other address is followed', async () => {
    const no = await open(await person(world.test.db), { kind: 'consultation' });
    const page = await look('/tickets?view=all&kind=consultation');
    for (const words of [`data-row="${no}"`, 'id="ticket-keys"', 'J、K 上下走']) expect(page).toContain(words);
    const back = /name="back" value="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    const led = async (to: string, deed: string): Promise<string | undefined> =>
      (await manager.post(`/tickets/${no}/steps`, { deed, back: to })).headers.location;
    expect(await led(back, 'take')).toBe(`/tickets?view=all&kind=consultation&at=${no}`);
    expect(await led('https://example.com/tickets', 'urge')).toBe(`/tickets/${no}`);
    expect(await look(`/tickets?at=${no}`)).toContain(`data-row="${no}"`);
  });

  it('every urge stands on the page of the ticket, by whom and when', async () => {
    const no = await open(await person(world.test.db));
    await press(no, 'urge', { note: '第一次来电' });
    const page = await press(no, 'urge', { note: '又来电' }, supervisor);
    const urges = page.slice(page.indexOf('<dt>催单</dt>'), page.indexOf('</ul>', page.indexOf('<dt>催单</dt>')));
    for (const words of ['催2次', '第一次来电', '林晓雯', '又来电', '赵敏']) expect(urges).toContain(words);
  });

  it('a number typed into the box at the top leads to its ticket, to nobody outside the scope, and all else to the customers', async () => {
    const no = await open(await person(world.test.db));
    const found = async (q: string, by = manager): Promise<string | undefined> =>
      (await by.get(`/search?q=${encodeURIComponent(q)}`)).headers.location;
    expect(await look('/tickets')).toContain('action="/search"');
    expect(await found(no)).toBe(`/tickets/${no}`);
    expect(await found(no.toLowerCase().replace('-0', ''))).toBe(`/tickets/${no}`);
    expect(await found(no, await logIn(world.test, 'm11'))).toBe(`/customers?q=${no}`);
    expect(await found('TS-999999')).toBe('/customers?q=TS-999999');
    expect(await found('陈 志&远')).toBe(`/customers?q=${encodeURIComponent('陈 志&远')}`);
  });

  it('a supervisor sets a limit for tickets to come, each change is kept; a wrong one and a stale one say so at the page', async () => {
    const before = await open(await person(world.test.db), { kind: 'suggestion' });
    const page = await look('/tickets/limits', supervisor);
    const version = /name="version" value="(\d+)"/.exec(page)?.[1] ?? '';
    const form = { version, kind: 'suggestion', tier: 'other', scope: 'inside', hours: 'clock', answerMinutes: '60', solveMinutes: '90' };
    const wrong = await supervisor.post('/tickets/limits', { ...form, solveMinutes: '30' });
    expect([wrong.status, wrong.text.includes('value="30"')]).toEqual([422, true]);
    expect((await supervisor.post('/tickets/limits', form)).status).toBe(303);
    expect(await look('/tickets/limits', supervisor)).toMatch(/建议 · 其他客户 · 省内：首次答复（分钟） \d+ → 60/);
    expect((await supervisor.post('/tickets/limits', form)).status).toBe(409);
    expect((await manager.get('/tickets/limits')).status).toBe(403);
    const who = await person(world.test.db);
    await world.test.db.run(sql`update customers.customer set star_level = 0, tier = null where id = ${who.id}`);
    const after = await open(who, { kind: 'suggestion' });
    const minutes = async (no: string): Promise<number> =>
      (
        await world.test.db.one<{ m: number }>(
          sql`select round(extract(epoch from solve_due - opened_at) / 60)::int as m from tickets.ticket where no = ${no}`,
        )
      ).m;
    expect([await minutes(after), (await minutes(before)) > 90]).toEqual([90, true]);
  });
});
