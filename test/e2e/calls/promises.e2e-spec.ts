import fc from 'fast-check';
import { PromiseMoves } from '../../../src/calls/promises/promise-moves.commands.js';
import type { PromiseItem } from '../../../src/calls/promises/promises.queries.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { linesOf } from '../reports/four-ways.js';
import { CallCentre, must, refusal, type Task } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(async () => {
  await centre.clear();
  await test.db.run(sql`delete from calendar.absence`);
});
afterAll(() => test.close());

/** A Tuesday: tomorrow is a working day. */
const TODAY = '2026-11-24';
const TOMORROW = '2026-11-25';

async function held(who = 'm01'): Promise<Task> {
  await centre.customers(who, [7]);
  await centre.campaign('c1');
  return centre.take(who);
}

/** A call of m01 with these promises. */
async function promised(...promises: object[]): Promise<PromiseItem[]> {
  const task = await held();
  await centre.record('m01', task.id, { outcome: 'reached', talkSeconds: 60, promises });
  return listed('m01');
}

const listed = async (who: string, query = ''): Promise<PromiseItem[]> =>
  ((await must((await centre.house(who)).get(`/promises?${query}`), 200)) as { items: PromiseItem[] }).items;
const keep = async (who: string, id: string, note = '已充值到账') => (await centre.house(who)).post(`/promises/${id}/keep`, { note });
const handOver = async (who: string, id: string, to: string) => (await centre.house(who)).post(`/promises/${id}/hand-over`, { to, why: '请假' });
/** The minute's round at a moment; the clock goes there. */
async function roundAt(at: string): Promise<void> {
  await centre.moveTo(at);
  await test.app.get(PromiseMoves, { strict: false }).round(test.clock.now());
}
const idOf = ([first]: PromiseItem[]): string => first?.id ?? '';

describe('CAM-5 a promise made on a call', () => {
  it('stands on the list of who made it, for the next working day where none was said', async () => {
    const items = await promised({ kind: 'top_up' }, { kind: 'other', text: '问清宽带覆盖', dueOn: '2026-11-27' });
    expect(items).toMatchObject([
      { kind: 'top_up', text: '', state: 'open', dueOn: TOMORROW, owner: 'm01', late: false, undone: true },
      { kind: 'other', text: '问清宽带覆盖', dueOn: '2026-11-27' },
    ]);
    // made on a Friday it is due on Monday
    await centre.clear();
    await centre.moveTo('2026-11-27T10:00');
    expect(await promised({ kind: 'refund' })).toMatchObject([{ dueOn: '2026-11-30' }]);
  });

  it.each<[string, object, string]>([
    ['of a kind nobody knows', { kind: 'flowers' }, '422 invalid_input promises.0.kind'],
    ['that says nothing', { kind: 'other' }, '422 promise_text_missing promises'],
    ['for yesterday', { kind: 'refund', dueOn: '2026-11-23' }, '422 promise_in_past promises'],
    ['for next spring', { kind: 'refund', dueOn: '2027-03-01' }, '422 promise_too_far promises'],
    ['for a day that is none', { kind: 'refund', dueOn: '2026-02-30' }, '422 day_format promises'],
  ])('%s is refused, and the call is not recorded', async (_name, promise, expected) => {
    const task = await held();
    const form = { outcome: 'reached', talkSeconds: 9, promises: [promise] };
    expect(await refusal((await centre.house('m01')).post(`/tasks/${task.id}/attempts`, form))).toBe(expected);
    expect(await test.db.one(sql`select count(*)::int as n from calls.attempt`)).toEqual({ n: 0 });
  });

  it('is made at the desk with the call, once by two presses, and shown on today when its day has come', async () => {
    const task = await held();
    const page = await logIn(test, 'm01');
    expect((await page.get('/desk')).text).toContain('id="box-promise"');
    const posted = { outcome: 'reached', talkSeconds: '30', startedAt: '2026-11-24T09:59:00+08:00', promiseText: '寄资费单', promiseDue: TODAY };
    for (let press = 0; press < 2; press += 1) expect((await page.post(`/tasks/${task.id}/attempts`, posted)).status).toBe(303);
    const [made, ...more] = await listed('m01');
    expect([made, more]).toMatchObject([{ kind: 'other', text: '寄资费单', dueOn: TODAY }, []]);
    expect((await page.get('/today')).text).toContain('寄资费单');
    await roundAt('2026-11-25T00:01');
    const late = (await page.get('/today')).text;
    expect(late).toContain('1件已过点');
    expect(late).toMatch(/is-late" data-promise/);
    expect((await page.post(`/promises/${made?.id}/keep`, { note: '已寄', back: 'today' })).headers.location).toBe('/today');
    expect((await page.get('/today')).text).not.toContain('寄资费单');
  });

  it('comes back to the desk with what was typed when it is refused', async () => {
    const task = await held();
    const page = await logIn(test, 'm01');
    const { status, text } = await page.post(`/tasks/${task.id}/attempts`, {
      outcome: 'reached',
      talkSeconds: '1',
      promiseKind: 'other',
      note: '说过的',
    });
    expect([status, /id="box-promise" open/.test(text), /请写清楚答应了什么/.test(text), /说过的/.test(text)]).toEqual([422, true, true, true]);
  });

  it('is made on a contact of no list too', async () => {
    const [customer] = await centre.customers('m01', [5]);
    const form = { channel: 'inbound', outcome: 'reached', talkSeconds: 9, promises: [{ kind: 'material' }] };
    await must((await centre.house('m01')).post(`/customers/${customer}/contacts`, form), 201);
    expect(await listed('m01')).toMatchObject([{ kind: 'material', customerId: customer }]);
  });
});

describe('CAM-5 a promise ends kept, broken or handed over', () => {
  it('kept by one press with a note, and pressing again changes nothing', async () => {
    const id = idOf(await promised({ kind: 'top_up' }));
    expect((await keep('m01', id)).body).toMatchObject({ state: 'kept', note: '已充值到账', undone: false });
    expect((await keep('m01', id, '又一次')).body).toMatchObject({ state: 'kept', note: '已充值到账' });
    expect(await test.db.rows(sql`select 1 from staff.audit_entry where action = 'promise.kept' and object_id = ${id}`)).toHaveLength(1);
    expect([await listed('m01'), (await listed('m01', 'state=kept')).length]).toEqual([[], 1]);
  });

  it('broken when its day is over, shown until it is done, and broken all the same', async () => {
    const id = idOf(await promised({ kind: 'refund' }));
    await roundAt('2026-11-25T23:59');
    expect(await listed('m01', 'state=overdue')).toEqual([]);
    await roundAt('2026-11-26T00:00');
    expect(await listed('m01')).toMatchObject([{ id, state: 'broken', late: true, undone: true }]);
    expect((await keep('m01', id)).body).toMatchObject({ state: 'broken', undone: false, note: '已充值到账' });
    expect([await listed('m01'), (await listed('m01', 'state=broken')).length]).toEqual([[], 1]);
  });

  it('R31 handed over by a supervisor goes on with its day; who had it cannot end it any more', async () => {
    const id = idOf(await promised({ kind: 'refund', text: '多扣的10元' }));
    expect((await handOver('m01', id, 'm02')).status).toBe(403);
    for (const [to, said] of [
      ['m01', '422 handover_to_self to'],
      ['m11', '422 handover_receiver to'],
      ['client-e', '422 handover_receiver to'],
    ] as const)
      expect(await refusal(Promise.resolve(handOver('supervisor-e', id, to)))).toBe(said);
    const next = (await handOver('supervisor-e', id, 'm02')).body as PromiseItem;
    expect(next).toMatchObject({ owner: 'm02', text: '多扣的10元', dueOn: TOMORROW, previousId: id, state: 'open' });
    expect(await refusal(Promise.resolve(keep('m01', id)))).toBe('409 promise_ended');
    expect(await refusal(Promise.resolve(handOver('supervisor-e', id, 'm02')))).toBe('409 promise_ended');
    expect(await listed('m01', 'state=handed_over')).toMatchObject([{ id, note: '请假', nextOwnerName: next.ownerName }]);
    await roundAt('2026-11-26T09:00');
    expect(await refusal(Promise.resolve(handOver('supervisor-e', next.id, 'm01')))).toBe('409 promise_late');
  });

  it('SYS-1 is seen by its owner and who leads them, nobody else', async () => {
    const id = idOf(await promised({ kind: 'refund' }));
    expect(await Promise.all(['m02', 'm11', 'supervisor-e'].map(async (who) => (await listed(who)).length))).toEqual([0, 0, 1]);
    expect(await listed('supervisor-e', 'whose=own')).toEqual([]);
    expect([await listed('supervisor-e', 'owner=m02'), (await listed('supervisor-e', 'owner=m01&kind=refund')).length]).toEqual([[], 1]);
    for (const who of ['m02', 'm11']) expect(await refusal(Promise.resolve(keep(who, id)))).toBe('404 not_found');
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/promises')).text).toContain(`/promises/${id}/hand-over`);
    expect(await linesOf(page, '/exports/files/promises?state=all')).toHaveLength(2);
    const nobody = await page.post(`/promises/${id}/hand-over`, { to: '', why: '她请假了' });
    expect([nobody.status, nobody.text.includes('value="她请假了"')]).toEqual([422, true]);
    const unsaid = await page.post(`/promises/${id}/keep`, { note: '退'.repeat(501) });
    expect([unsaid.status, unsaid.text.includes(`value="${'退'.repeat(501)}"`)]).toEqual([422, true]);
  });
});

describe('R32, SYS-6 a promise whose owner cannot keep it', () => {
  it('goes to the deputy who is there, else to the supervisor, and not back and forth', async () => {
    const id = idOf(await promised({ kind: 'refund' }, { kind: 'material', dueOn: '2026-11-30' }));
    const supervisor = await centre.house('supervisor-e');
    await must(supervisor.post('/users/m01/absences', { from: TOMORROW, to: TOMORROW, kind: 'leave', deputy: 'm02' }), 201);
    await drainJobs(test.app);
    expect(await listed('m02')).toMatchObject([{ previousId: id, owner: 'm02' }]);
    expect(await listed('m01')).toMatchObject([{ kind: 'material' }]);
    await must(supervisor.post('/users/m02/absences', { from: TOMORROW, to: TOMORROW, kind: 'leave' }), 201);
    await drainJobs(test.app);
    await roundAt('2026-11-24T11:00');
    expect(await listed('supervisor-e', 'whose=own')).toMatchObject([{ kind: 'refund', dueOn: TOMORROW }]);
  });

  it('comes back when the absence is called off, also over two who stood in, unless somebody moved it by hand', async () => {
    await promised({ kind: 'refund' }, { kind: 'material', dueOn: TOMORROW });
    const supervisor = await centre.house('supervisor-e');
    const away = async (who: string, form: object): Promise<string> =>
      ((await must(supervisor.post(`/users/${who}/absences`, { kind: 'leave', ...form }), 201)) as { id: string }).id;
    const back = async (who: string, id: string): Promise<void> => {
      const { status } = await test.http.delete(`/api/v1/users/${who}/absences/${id}`).set('authorization', `Bearer ${supervisor.token}`);
      expect(status).toBe(204);
      await drainJobs(test.app);
    };
    const first = await away('m01', { from: TODAY, to: TOMORROW, deputy: 'm02' });
    await drainJobs(test.app);
    const [refund, material] = await listed('m02');
    await must(supervisor.post(`/promises/${material?.id}/hand-over`, { to: 'supervisor-e', why: '我来办' }), 200);
    const second = await away('m02', { from: TOMORROW, to: TOMORROW });
    await drainJobs(test.app);
    expect(await listed('supervisor-e', 'whose=own')).toMatchObject([{ kind: 'material' }, { kind: 'refund', previousId: refund?.id }]);
    // who stood in is there after all, the first owner is not
    await back('m02', second);
    expect(await listed('m02')).toMatchObject([{ kind: 'refund' }]);
    await roundAt('2026-11-24T10:30');
    expect(await listed('m02')).toMatchObject([{ kind: 'refund' }]);
    // begun today: it ends with yesterday
    await back('m01', first);
    expect(await listed('m01')).toMatchObject([{ kind: 'refund', owner: 'm01', dueOn: TOMORROW, state: 'open' }]);
    await roundAt('2026-11-24T11:00');
    expect(await listed('m01')).toHaveLength(1);
    expect(await listed('supervisor-e', 'whose=own')).toMatchObject([{ kind: 'material' }]);
    expect(await test.db.one(sql`select count(*)::int as n from calls.promise where note = '负责人回来了'`)).toEqual({ n: 2 });
  });

  it('goes to the present manager of the customer when its owner has left', async () => {
    const [item] = await promised({ kind: 'refund' });
    await test.db.run(
      sql`update customers.customer set manager_id = (select id from staff.app_user where username = 'm02') where id = ${item?.customerId ?? ''}`,
    );
    await test.db.run(sql`update staff.app_user set active = false where username = 'm01'`);
    await roundAt('2026-11-24T10:05');
    await test.db.run(sql`update staff.app_user set active = true where username = 'm01'`);
    expect(await listed('m02')).toMatchObject([{ previousId: item?.id, madeBy: item?.madeBy }]);
  });

  it('goes along when everything of a manager is handed over', async () => {
    const id = idOf(await promised({ kind: 'refund' }));
    await must((await centre.house('supervisor-e')).post('/users/m01/handover', { to: ['m02'], moves: 'all', why: '离职' }), 200, 201);
    expect(await listed('m02')).toMatchObject([{ previousId: id }]);
  });
});

describe('CUS-4, CAM-5 a promise on the page of its customer', () => {
  interface Entry {
    state: string;
    title: string;
    text: string | null;
    actor: string | null;
  }
  const timeline = async (customer: string): Promise<Entry[]> =>
    ((await must((await centre.house('m01')).get(`/customers/${customer}/timeline?channel=promise`), 200)) as { items: Entry[] }).items;

  it('stands there until it is done, with a button for who may press it', async () => {
    const [item] = await promised({ kind: 'refund', text: '多扣的10元' });
    const customer = item?.customerId ?? '';
    const [owner, planner, stranger] = await Promise.all(['m01', 'planner-e', 'm02'].map((who) => logIn(test, who)));
    expect((await owner?.get(`/customers/${customer}`))?.text).toContain(`hx-get="/customers/${customer}/promises"`);
    const shown = (await owner?.get(`/customers/${customer}/promises`))?.text ?? '';
    expect([shown.includes('多扣的10元'), shown.includes(`/promises/${item?.id}/keep`)]).toEqual([true, true]);
    const read = (await planner?.get(`/customers/${customer}/promises`))?.text ?? '';
    expect([read.includes('多扣的10元'), read.includes('/keep')]).toEqual([true, false]);
    expect((await stranger?.get(`/customers/${customer}/promises`))?.status).toBe(404);
    const kept = await owner?.post(`/promises/${item?.id}/keep`, { note: '已退', back: 'customer' });
    expect(kept?.headers.location).toBe(`/customers/${customer}`);
    expect((await owner?.get(`/customers/${customer}/promises`))?.text).toContain('没有答应过还没办的事');
  });

  it('stands in the timeline as made, handed over, broken and done late, or kept', async () => {
    const [item] = await promised({ kind: 'refund', text: '多扣的10元' });
    const customer = item?.customerId ?? '';
    centre.test.clock.advance(60_000);
    const next = (await handOver('supervisor-e', item?.id ?? '', 'm02')).body as PromiseItem;
    await roundAt('2026-11-26T00:01');
    await centre.moveTo('2026-11-26T09:00');
    await keep('m02', next.id, '已退');
    expect(await timeline(customer)).toMatchObject([
      { state: 'done', title: 'refund', text: '多扣的10元 · 已退', actor: next.ownerName },
      { state: 'broken', text: '多扣的10元', actor: null },
      { state: 'handed_over', text: `多扣的10元 · → ${next.ownerName} · 请假` },
      { state: 'made', text: `多扣的10元 · ${TOMORROW}`, actor: item?.ownerName },
    ]);
    const page = (await (await logIn(test, 'm01')).get(`/customers/${customer}/timeline`)).text;
    for (const word of ['退费跟进', '补办', '失约', '转交']) expect(page).toContain(word);
    await centre.clear();
    const [other] = await promised({ kind: 'top_up' });
    centre.test.clock.advance(60_000);
    await keep('m01', other?.id ?? '');
    expect((await timeline(other?.customerId ?? '')).map(({ state }) => state)).toEqual(['kept', 'made']);
  });
});

describe('CAM-5 a red count of what is late', () => {
  /** The number at the promises' entry of the rail. */
  const badge = (page: string): string | undefined =>
    /class="sc-rail__item" href="\/promises(?:\?state&#x3D;overdue)?"[^]*?<\/a>/
      .exec(page)?.[0]
      .match(/sc-rail__n"><span[^>]*>[^<]*<\/span>(\d+)/)?.[1];

  it('in the rail of its owner and of who leads them, and on the live board, as many as the list has rows', async () => {
    const [, refund] = await promised({ kind: 'top_up' }, { kind: 'refund' }, { kind: 'material', dueOn: '2026-11-27' });
    const [owner, supervisor, other] = await Promise.all(['m01', 'supervisor-e', 'm02'].map((who) => logIn(test, who)));
    expect(badge((await owner?.get('/today'))?.text ?? '')).toBeUndefined();
    await roundAt('2026-11-26T00:01');
    const seen = await Promise.all([owner?.get('/today'), supervisor?.get('/live'), other?.get('/today')]);
    expect(seen.map((page) => badge(page?.text ?? ''))).toEqual(['2', '2', undefined]);
    expect(seen[1]?.text).toMatch(/href="\/promises\?state=overdue"[^]*?2件答应过的事已过期/);
    expect(await listed('supervisor-e', 'state=overdue')).toHaveLength(2);
    await keep('m01', refund?.id ?? '');
    const left = (await supervisor?.get('/live'))?.text ?? '';
    expect(badge(left)).toBe('1');
    expect(left).toContain('class="sc-rail__item" href="/promises?state&#x3D;overdue"');
  });
});

describe('CAM-5 no promise ends otherwise', () => {
  it.each([
    [
      "insert into calls.promise (customer_id, attempt_id, kind, owner_id, due_on, made_by, made_at, state, closed_at) select customer_id, attempt_id, kind, owner_id, due_on, made_by, made_at, 'kept', now() from calls.promise",
    ],
    ["update calls.promise set state = 'withdrawn'"],
    ["update calls.promise set state = 'handed_over', closed_at = now()"],
    ["update calls.promise set state = 'kept'"],
    ["update calls.promise set owner_id = (select id from staff.app_user where username = 'm02')"],
    ['update calls.promise set due_on = due_on + 7'],
    [
      'insert into calls.promise (customer_id, attempt_id, kind, owner_id, due_on, made_by, made_at, previous_id) select customer_id, attempt_id, kind, owner_id, due_on, made_by, made_at, id from calls.promise',
    ],
  ])('the database refuses: %s', async (statement) => {
    await promised({ kind: 'refund' });
    await expect(test.db.pool.query(statement)).rejects.toMatchObject({ code: '23514' });
  });

  it('the database lets nothing that has ended begin again', async () => {
    const id = idOf(await promised({ kind: 'refund' }));
    await keep('m01', id);
    await expect(test.db.pool.query("update calls.promise set state = 'open', closed_at = null")).rejects.toMatchObject({ code: '23514' });
  });

  it('R31 whatever is done in whatever order: one of four states, and each handed-over one goes on as exactly one other', async () => {
    const act = fc.record({
      deed: fc.constantFrom('keep', 'over', 'round', 'away'),
      which: fc.nat(5),
      to: fc.constantFrom('m01', 'm02', 'supervisor-e'),
    });
    const sequences = fc.sample(fc.array(act, { minLength: 8, maxLength: 12 }), { numRuns: 3, seed: 20261124 });
    for (const [run, acts] of sequences.entries()) {
      await centre.clear();
      await promised({ kind: 'top_up', dueOn: TODAY }, { kind: 'refund' }, { kind: 'material', dueOn: '2026-11-26' });
      for (const [n, { deed, which, to }] of acts.entries()) {
        const ids = await test.db.rows<{ id: string }>(sql`select id from calls.promise order by id`);
        const id = ids[which % ids.length]?.id ?? '';
        if (deed === 'keep') expect([200, 409]).toContain((await keep('supervisor-e', id)).status);
        else if (deed === 'over') expect([200, 409, 422]).toContain((await handOver('supervisor-e', id, to)).status);
        else if (deed === 'away')
          await test.db.run(sql`insert into calendar.absence (user_id, from_day, to_day, kind, part, loss_percent, created_at)
            select id, ${TODAY}, '2026-11-26', 'leave', 'day', 100, ${test.clock.now()} from staff.app_user where username = ${to}`);
        if (deed !== 'keep') await roundAt(`2026-11-${24 + Math.floor((n * 4) / acts.length)}T1${run}:${10 + n}`);
        await consistent();
      }
      await roundAt('2026-12-01T10:00');
      await consistent();
      expect(await test.db.rows(sql`select id from calls.promise where state = 'open'`)).toEqual([]);
      await test.db.run(sql`delete from calendar.absence`);
    }
  });
});

/** Of every promise made, one chain, and one end at most. */
async function consistent(): Promise<void> {
  const wrong = await test.db.rows(sql`
    select p.id, p.state from calls.promise p
    where p.state not in ('open', 'kept', 'broken', 'handed_over')
       or (select count(*) from calls.promise n where n.previous_id = p.id) <> (p.state = 'handed_over')::int`);
  expect(wrong).toEqual([]);
  const ends = await test.db.one<{ ends: number }>(sql`select count(*)::int as ends from calls.promise where state <> 'handed_over'`);
  expect(ends).toEqual({ ends: 3 });
}
