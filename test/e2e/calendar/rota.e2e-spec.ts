import { StandIns } from '../../../src/calls/handover/stand-in.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { empty } from '../../support/empty.js';
import type { House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { csrfOf, logIn } from '../../support/visitor.js';
import { CallCentre } from '../calls/call-centre.js';

const TODAY = '2026-11-24';
const leave = { from: '2026-11-25', to: '2026-11-27', kind: 'leave' };

interface Refused {
  error: { code: string; param?: string; message: string };
}
interface Noted {
  id: string;
  lossPercent: number;
  part: string;
  warnings: { code: string; message: string }[];
}
interface Cell {
  day: string;
  rostered: number;
  share: number;
  calls: number;
  absenceKind: string | null;
}

let test: TestApp;
let centre: CallCentre;
let house: House;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  house = centre.house;
  await (await house('admin')).post('/users', { username: 'm03', role: 'manager', orgUnit: 'east-1', name: '吴桐', password: 'starcare-test' });
});
afterAll(() => test.close());
beforeEach(async () => {
  await centre.clear();
  await empty(test.db, 'calendar.absence', 'calendar.rota_day', 'calendar.rota_pattern');
});

const note = async (who: string, whom: string, body: object): Promise<{ status: number; body: Noted & Refused }> => {
  const { status, body: told } = await (await house(who)).post(`/users/${whom}/absences`, body);
  return { status, body: told as Noted & Refused };
};
const end = async (who: string, whom: string, id: string): Promise<number> =>
  (await test.http.delete(`/api/v1/users/${whom}/absences/${id}`).set('authorization', `Bearer ${(await house(who)).token}`)).status;
const rotaOf = async (username: string, from: string, to: string, who = 'supervisor-e'): Promise<Cell[]> => {
  const { body } = await (await house(who)).get(`/rota?from=${from}&to=${to}`);
  return (body as { items: { username: string; days: Cell[] }[] }).items.find((one) => one.username === username)?.days ?? [];
};

describe('SYS-6 absences', () => {
  it.each<[what: string, who: string, whom: string, body: object, status: number, code: string]>([
    ['a colleague by a manager', 'm01', 'm02', leave, 403, 'role_refused'],
    ['somebody by a planner', 'planner-e', 'm01', leave, 403, 'role_refused'],
    ['somebody of another city', 'supervisor-e', 'm11', leave, 404, 'not_found'],
    ['reversed days', 'supervisor-e', 'm01', { ...leave, to: '2026-11-24' }, 422, 'invalid_input'],
    ['a day there is not', 'supervisor-e', 'm01', { ...leave, to: '2026-11-31' }, 422, 'invalid_input'],
    ['an unknown kind', 'supervisor-e', 'm01', { ...leave, kind: 'sleep' }, 422, 'invalid_input'],
    ['more than all of a day', 'supervisor-e', 'm01', { ...leave, lossPercent: 101 }, 422, 'invalid_input'],
    ['long ago', 'supervisor-e', 'm01', { ...leave, from: '2026-10-01' }, 422, 'invalid_input'],
    ['beyond the calendar', 'supervisor-e', 'm01', { ...leave, to: '2099-01-01' }, 422, 'invalid_input'],
    ['the past by oneself', 'm01', 'm01', { ...leave, from: '2026-11-23' }, 422, 'invalid_input'],
    ['oneself as deputy', 'supervisor-e', 'm01', { ...leave, deputy: 'm01' }, 422, 'invalid_input'],
    ['a supervisor as deputy of a manager', 'supervisor-e', 'm01', { ...leave, deputy: 'supervisor-e' }, 422, 'invalid_input'],
    ['a deputy of another city', 'supervisor-e', 'm01', { ...leave, deputy: 'm11' }, 404, 'not_found'],
  ])('%s is refused', async (_what, who, whom, body, status, code) => {
    const answer = await note(who, whom, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await test.db.rows(sql`select id from calendar.absence`)).toEqual([]);
  });

  it('one that meets another of the same person is refused and says which; a second half day is not', async () => {
    expect((await note('supervisor-e', 'm01', leave)).status).toBe(201);
    const again = await note('supervisor-e', 'm01', { from: '2026-11-27', to: '2026-11-30', kind: 'training' });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'absence_overlaps', param: 'from' } } });
    expect(again.body.error.message).toBe('与本人已有的不在岗重叠：2026-11-25至2026-11-27');
    expect((await note('m02', 'm02', { ...leave, part: 'morning' })).status).toBe(201);
    expect((await note('m02', 'm02', { ...leave, part: 'afternoon', kind: 'visit' })).status).toBe(201);
  });

  it('of two requests at once for the same days one is noted', async () => {
    const both = await Promise.all([note('supervisor-e', 'm01', leave), note('m01', 'm01', leave)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('a deputy nobody knows is said at the field, not of the person', async () => {
    const answer = await (await house('supervisor-e')).post('/users/m01/absences', { ...leave, deputy: 'nobody' });
    expect(answer.body).toMatchObject({ error: { code: 'not_found', param: 'deputy' } });
    expect((await (await house('supervisor-e')).post('/users/nobody/absences', leave)).body).not.toHaveProperty('error.param');
  });

  it('a deputy who is away at the same time is noted and warned of', async () => {
    await note('m02', 'm02', { ...leave, from: '2026-11-26' });
    const told = await note('m01', 'm01', { ...leave, deputy: 'm02' });
    expect(told).toMatchObject({ status: 201, body: { part: 'day', lossPercent: 100, warnings: [{ code: 'deputy_absent' }] } });
    expect(told.body.warnings[0]?.message).toBe('周可欣2026-11-26至2026-11-27也不在岗，这些天没有人代理');
    expect((await note('supervisor-e', 'm03', { ...leave, deputy: 'M02', from: '2026-11-25', to: '2026-11-25' })).body.warnings).toEqual([]);
  });

  it('costs what its kind costs unless it says otherwise, on its days and no other', async () => {
    await note('supervisor-e', 'm01', { from: '2026-11-25', to: '2026-11-25', kind: 'visit' });
    await note('supervisor-e', 'm01', { from: '2026-11-26', to: '2026-11-26', kind: 'training', part: 'morning' });
    await note('supervisor-e', 'm01', { from: '2026-11-27', to: '2026-11-30', kind: 'on-site', lossPercent: 80 });
    const days = await rotaOf('m01', TODAY, '2026-12-01');
    expect(days.map(({ share, calls }) => `${share} ${calls}`)).toEqual(['100 60', '50 30', '50 30', '20 12', '0 0', '0 0', '20 12', '100 60']);
    expect(days.map(({ absenceKind }) => absenceKind)).toEqual([null, 'visit', 'training', ...Array<string>(4).fill('on-site'), null]);
  });

  it('one that has not begun is called off, one under way ends with yesterday, one that is over stays', async () => {
    const [coming, running] = [
      (await note('m01', 'm01', leave)).body.id,
      (await note('supervisor-e', 'm02', { ...leave, from: '2026-11-23' })).body.id,
    ];
    expect(await end('m02', 'm01', coming)).toBe(403);
    expect(await end('supervisor-e', 'm02', coming)).toBe(404);
    expect(await end('m01', 'm01', coming)).toBe(204);
    expect(await end('m01', 'm01', coming)).toBe(404);
    expect(await end('supervisor-e', 'm02', running)).toBe(204);
    expect(await end('supervisor-e', 'm02', running)).toBe(409);
    expect(await test.db.rows(sql`select from_day as "from", to_day as "to" from calendar.v_absence`)).toEqual([
      { from: '2026-11-23', to: '2026-11-23' },
    ]);
    expect((await rotaOf('m01', '2026-11-25', '2026-11-25'))[0]?.share).toBe(100);
    const acts = await test.db.rows<{ action: string }>(
      sql`select action from staff.audit_entry where action like 'absence.%' order by id desc limit 4`,
    );
    expect(acts.map(({ action }) => action)).toEqual(['absence.ended', 'absence.ended', 'absence.added', 'absence.added']);
  });

  it('what a kind costs is the administrator’s to say, for absences noted from then on', async () => {
    await note('supervisor-e', 'm01', { ...leave, kind: 'visit' });
    expect((await (await house('supervisor-e')).put('/absence-kinds/visit', { lossPercent: 30 })).status).toBe(403);
    const admin = await house('admin');
    expect((await admin.put('/absence-kinds/nap', { lossPercent: 30 })).status).toBe(404);
    expect((await admin.put('/absence-kinds/visit', { lossPercent: 130 })).status).toBe(422);
    expect((await admin.put('/absence-kinds/visit', { lossPercent: 30 })).status).toBe(204);
    expect((await note('supervisor-e', 'm02', { ...leave, kind: 'visit' })).body.lossPercent).toBe(30);
    expect((await rotaOf('m01', '2026-11-25', '2026-11-25'))[0]?.share).toBe(50);
    await admin.put('/absence-kinds/visit', { lossPercent: 50 });
  });
});

describe('CAR-1 the rota of a person', () => {
  const put = async (who: string, path: string, body: object): Promise<{ status: number; body: Refused }> => {
    const { status, body: told } = await (await house(who)).put(path, body);
    return { status, body: told as Refused };
  };

  it.each<[what: string, who: string, path: string, body: object, status: number]>([
    ['a week by a manager', 'm01', '/users/m01/rota/week', { from: TODAY, shares: null }, 403],
    ['a week of another city', 'supervisor-e', '/users/m11/rota/week', { from: TODAY, shares: null }, 404],
    ['a week of six days', 'supervisor-e', '/users/m01/rota/week', { from: TODAY, shares: [100, 100, 100, 100, 100, 0] }, 422],
    ['a week of more than all', 'supervisor-e', '/users/m01/rota/week', { from: TODAY, shares: [100, 100, 100, 100, 100, 0, 120] }, 422],
    ['a week from long ago', 'supervisor-e', '/users/m01/rota/week', { from: '2026-01-01', shares: null }, 422],
    ['a day by a planner', 'planner-e', '/users/m01/rota/days', { days: [{ day: TODAY, share: 0 }] }, 403],
    ['a day of another city', 'supervisor-e', '/users/m11/rota/days', { days: [{ day: TODAY, share: 0 }] }, 404],
    ['a day long ago', 'supervisor-e', '/users/m01/rota/days', { days: [{ day: '2026-01-01', share: 0 }] }, 422],
    ['a day beyond the calendar', 'supervisor-e', '/users/m01/rota/days', { days: [{ day: '2099-01-01', share: 0 }] }, 422],
    ['no day', 'supervisor-e', '/users/m01/rota/days', { days: [] }, 422],
    [
      'a day twice',
      'supervisor-e',
      '/users/m01/rota/days',
      {
        days: [
          { day: TODAY, share: 0 },
          { day: TODAY, share: 50 },
        ],
      },
      422,
    ],
    ['a day that is none', 'supervisor-e', '/users/m01/rota/days', { days: [null, null] }, 422],
    ['a day without a share', 'supervisor-e', '/users/m01/rota/days', { days: [{ day: TODAY }] }, 422],
  ])('%s is refused', async (_what, who, path, body, status) => {
    expect((await put(who, path, body)).status).toBe(status);
    expect(await test.db.rows(sql`select user_id from calendar.rota_day union all select user_id from calendar.rota_pattern`)).toEqual([]);
  });

  it('is the official days; a week of one’s own from a day on; single days win, and can be taken back', async () => {
    const shares = async (): Promise<number[]> => (await rotaOf('m01', '2026-11-27', '2026-12-01')).map(({ share }) => share);
    expect(await shares()).toEqual([100, 0, 0, 100, 100]);
    expect((await put('supervisor-e', '/users/m01/rota/week', { from: '2026-11-28', shares: [0, 100, 100, 100, 100, 50, 0] })).status).toBe(204);
    expect(await shares()).toEqual([100, 50, 0, 0, 100]);
    await put('supervisor-e', '/users/m01/rota/days', { days: [{ day: '2026-11-29', share: 100, note: '值班' }] });
    expect(await shares()).toEqual([100, 50, 100, 0, 100]);
    await put('supervisor-e', '/users/m01/rota/days', { days: [{ day: '2026-11-29', share: null }] });
    await put('supervisor-e', '/users/m01/rota/week', { from: '2026-11-30', shares: null });
    expect(await shares()).toEqual([100, 50, 0, 100, 100]);
  });

  it('SYS-1 is told of the own units, page by page, for at most a quarter', async () => {
    const supervisor = await house('supervisor-e');
    const names = (body: object): string[] => (body as { items: { username: string }[] }).items.map(({ username }) => username);
    const first = (await supervisor.get('/rota?limit=2')).body as { nextCursor: string };
    expect(names(first)).toEqual(['m01', 'm02']);
    expect(names((await supervisor.get(`/rota?limit=2&cursor=${first.nextCursor}`)).body as object)).toEqual(['m03']);
    expect(names((await (await house('planner-w')).get('/rota')).body as object)).toEqual(['m11']);
    expect((await supervisor.get('/rota?team=west-1')).status).toBe(404);
    expect((await supervisor.get('/rota?from=2026-11-24&to=2027-02-24')).status).toBe(422);
    expect((await supervisor.get('/rota?from=2026-11-24&to=2026-11-23')).status).toBe(422);
    expect((await (await house('m01')).get('/rota')).status).toBe(403);
    await note('supervisor-e', 'm01', leave);
    expect((await supervisor.get('/absences')).body).toMatchObject({ items: [{ username: 'm01', kind: 'leave', notedBy: '赵敏' }] });
    expect((await (await house('planner-w')).get('/absences')).body).toEqual({ items: [], nextCursor: null });
    await note('supervisor-e', 'm02', leave);
    const page = (await supervisor.get('/absences?limit=1')).body as { nextCursor: string };
    expect((await supervisor.get(`/absences?limit=1&cursor=${page.nextCursor}`)).body).toMatchObject({
      items: [{ username: 'm02' }],
      nextCursor: null,
    });
  });
});

describe('SYS-6, CAM-3 whoever is away is stood in for', () => {
  const owners = async (): Promise<Record<string, number>> => {
    const rows = await test.db.rows<{ owner: string; n: number }>(sql`
      select u.username as owner, count(*)::int as n from calls.task t join staff.app_user u on u.id = t.owner_id
      where t.state in ('open', 'claimed') group by 1 order by 1`);
    return Object.fromEntries(rows.map((row) => [row.owner, row.n]));
  };
  /** The open tasks without a promise are due on these days, in turn. */
  const due = async (...days: string[]): Promise<void> => {
    await test.db.run(sql`
      update calls.task t set due_on = (${days}::date[])[n.n] from (select id, row_number() over (order by id) as n from calls.task
      where state = 'open' and callback_at is null) n where n.id = t.id and n.n <= ${days.length}::int`);
  };
  const moves = (): Promise<object[]> =>
    test.db.rows(sql`
      select f.username as from, t.username as to, b.username as by, a.why, a.back, count(*)::int as n from calls.assignment a
      join staff.app_user f on f.id = a.from_owner join staff.app_user t on t.id = a.to_owner left join staff.app_user b on b.id = a.by_user
      group by 1, 2, 3, 4, 5 order by min(a.id)`);

  beforeEach(async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    await centre.campaign('c1');
  });

  it('open tasks of the days go to the deputy at once, each with its why; those of other days stay', async () => {
    await due('2026-11-25', '2026-11-27', '2026-11-30', TODAY);
    await note('m01', 'm01', { ...leave, deputy: 'm02' });
    expect(await owners()).toEqual({ m01: 4 });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 2, m02: 2 });
    const why = '林晓雯不在岗（2026-11-25至2026-11-27），由您代理';
    expect(await moves()).toEqual([{ from: 'm01', to: 'm02', by: 'm01', why, back: false, n: 2 }]);
  });

  it('R32 a promised callback keeps its minute: with the deputy, or without one with the nearest supervisor', async () => {
    await centre.call('m01', { outcome: 'callback', callbackAt: '2026-11-25T15:00:00+08:00' });
    await centre.call('m01', { outcome: 'callback', callbackAt: '2026-11-26T15:00:00+08:00' });
    await due(...Array<string>(4).fill('2026-12-10'));
    await note('m01', 'm01', { ...leave, to: '2026-11-25', deputy: 'm02' });
    await note('m01', 'm01', { ...leave, from: '2026-11-26' });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 2, m02: 1, 'supervisor-e': 1 });
    await centre.moveTo('2026-11-25T15:00');
    expect(await centre.take('m02')).toMatchObject({ callbackAt: '2026-11-25T07:00:00.000Z' });
  });

  it('half a day moves the callbacks of that half and leaves the list', async () => {
    await centre.call('m01', { outcome: 'callback', callbackAt: '2026-11-25T10:00:00+08:00' });
    await centre.call('m01', { outcome: 'callback', callbackAt: '2026-11-25T15:00:00+08:00' });
    await due('2026-11-25', '2026-11-25');
    await note('m01', 'm01', { ...leave, part: 'morning', deputy: 'm02' });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 3, m02: 1 });
  });

  it('two halves of a day with a deputy each are one move', async () => {
    await due('2026-11-25', '2026-12-10', '2026-12-10', '2026-12-10');
    await note('m01', 'm01', { ...leave, to: '2026-11-25', part: 'morning', deputy: 'm03' });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 4 });
    await note('m01', 'm01', { ...leave, to: '2026-11-25', part: 'afternoon', deputy: 'm02' });
    await test.app.get(StandIns, { strict: false }).ofDay('2026-11-25');
    expect((await owners()).m01).toBe(3);
    expect(await test.db.rows(sql`select id from calls.assignment`)).toHaveLength(1);
  });

  it('a visit that leaves half of the day moves nothing', async () => {
    await due(...Array<string>(4).fill('2026-11-25'));
    await note('m01', 'm01', { ...leave, kind: 'visit', deputy: 'm02' });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 4 });
  });

  it('without a deputy, or while the deputy is away too, the list stays', async () => {
    await due('2026-11-25', '2026-11-26', '2026-11-27', '2026-11-27');
    await note('m02', 'm02', { from: '2026-11-26', to: '2026-11-27', kind: 'training' });
    await note('m01', 'm01', { ...leave, deputy: 'm02' });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 3, m02: 1 });
  });

  it('each morning what has come due goes over, and what is left comes back when the absence is over', async () => {
    await due('2026-11-23', '2026-12-10', '2026-12-10', '2026-12-10'); // one is late already
    await note('m01', 'm01', { ...leave, to: '2026-11-25', deputy: 'm02' });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 4 });
    await centre.moveTo('2026-11-25T05:45');
    await tickSchedules(test.app);
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 3, m02: 1 });
    await centre.moveTo('2026-11-26T05:45'); // sooner than the list's limit for the first dial, which would pass it on
    await tickSchedules(test.app);
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m01: 4 });
    expect(await moves()).toMatchObject([
      { from: 'm01', to: 'm02', back: false, n: 1 },
      { from: 'm02', to: 'm01', by: null, why: '代理结束，交还林晓雯', back: true, n: 1 },
    ]);
  });

  it('an absence called off brings all back at once, but not what was done or handed over by hand since', async () => {
    await due(...Array<string>(4).fill('2026-11-25'));
    const { id } = (await note('m01', 'm01', { ...leave, deputy: 'm02' })).body;
    await drainJobs(test.app);
    await centre.moveTo('2026-11-25T10:00');
    await centre.call('m02', { outcome: 'reached', talkSeconds: 30 });
    const supervisor = await house('supervisor-e');
    const handed = await supervisor.post('/users/m02/handover', { to: ['m03'], moves: 'tasks', why: '分担' });
    expect(handed.body).toMatchObject({ tasks: 3 });
    await test.db.run(sql`update calls.task set due_on = '2026-12-10' where state = 'open'`);
    expect(await end('m01', 'm01', id)).toBe(204);
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m03: 3 });
    const again = (await note('m03', 'm03', { from: '2026-12-10', to: '2026-12-11', kind: 'leave', deputy: 'm02' })).body;
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m02: 3 });
    await end('m03', 'm03', again.id);
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m03: 3 });
  });

  it('a call under way is finished by who holds it', async () => {
    const held = await centre.take('m01');
    await note('m01', 'm01', { ...leave, from: TODAY, deputy: 'm02' });
    await drainJobs(test.app);
    expect(await owners()).toEqual({ m02: 4 });
    expect(await centre.record('m01', held.id, { outcome: 'reached', talkSeconds: 20 })).toMatchObject({ task: { state: 'done' } });
  });

  it('the same news twice moves nothing twice', async () => {
    await due(...Array<string>(4).fill('2026-11-25'));
    const { id } = (await note('m01', 'm01', { ...leave, deputy: 'm02' })).body;
    const standIns = test.app.get(StandIns, { strict: false });
    expect([await standIns.take(id), await standIns.take(id)]).toEqual([4, 0]);
    await drainJobs(test.app);
    await end('m01', 'm01', id);
    expect([await standIns.giveBack(id), await standIns.giveBack(id)]).toEqual([4, 0]);
    expect(await owners()).toEqual({ m01: 4 });
  });
});

describe('SYS-6, CAR-1 the pages of rota and absences', () => {
  it.each(['m01', 'judge-e'])('%s does not see the rota of others, and sets nobody’s', async (who) => {
    if (who === 'judge-e')
      await (await house('admin')).post('/users', { username: who, role: 'judge', orgUnit: 'east', name: who, password: 'starcare-test' });
    const page = await logIn(test, who);
    expect((await page.get('/rota')).status).toBe(403);
    expect((await page.get('/rota/people/m01')).status).toBe(403);
    expect((await page.post('/rota/people/m01/day', { day: TODAY, share: '0' })).status).toBe(403);
    expect((await page.post('/rota/absences', { person: 'm02', ...leave })).status).toBe(403);
  });

  it('a planner looks and changes nothing', async () => {
    const page = await logIn(test, 'planner-e');
    expect((await page.get('/rota?month=2026-09')).text).not.toContain('只列出');
    await test.db.run(sql`
      insert into calendar.absence (user_id, from_day, to_day, kind, part, loss_percent, created_at)
      select u.id, '2026-09-01', '2026-09-01', 'leave', 'day', 100, now() from generate_series(1, 301), staff.app_user u where u.username = 'm01'`);
    expect((await page.get('/rota?month=2026-09')).text).toContain('只列出最早的300条');
    const rota = await page.get('/rota?month=2026-11');
    expect([rota.status, rota.text.includes('林晓雯'), rota.text.includes('何佳')]).toEqual([200, true, false]);
    expect(rota.text).not.toContain('action="/rota/absences"');
    expect(rota.text).not.toContain('这一年的放假通知还没有公布');
    expect((await page.get('/rota?month=2027-01')).text).toContain('这一年的放假通知还没有公布');
    expect((await page.get('/rota/people/m01')).text).not.toContain('action="/rota/people/m01/day"');
    expect((await page.post('/rota/people/m01/week', { from: TODAY, week: 'official' })).status).toBe(403);
  });

  it('a supervisor sees the month of a team, sets a day and a week, and reads why', async () => {
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/rota?team=west-1')).status).toBe(404);
    expect((await page.get('/rota/people/m11')).status).toBe(404);
    const saved = await page.post('/rota/people/m01/day', { day: '2026-11-28', share: '50', note: '值班' });
    expect([saved.status, saved.headers.location]).toEqual([303, '/rota/people/m01?month=2026-11']);
    expect((await page.get('/rota/people/m01?month=2026-11')).text).toContain('单日调整');
    expect((await page.get('/rota?month=2026-11&team=east-1')).text).toContain('林晓雯 11月28日 50%，可拨打30个');
    await page.post('/rota/people/m01/day', { day: '2026-11-28', share: '' });
    expect((await page.get('/rota?month=2026-11')).text).toContain('林晓雯 11月28日 0%，可拨打0个');
    const old = await page.post('/rota/people/m01/day', { day: '2026-01-05', share: '0' });
    expect([old.status, old.text.includes('早于31天前的日子不能再录入')]).toEqual([422, true]);
  });

  it('a week goes in as seven boxes', async () => {
    const page = await logIn(test, 'supervisor-e');
    await page.get('/rota/people/m01');
    const csrf = csrfOf((await page.get('/rota/people/m01')).text);
    const week = await page.agent
      .post('/rota/people/m01/week')
      .set('accept', 'text/html')
      .type('form')
      .send(
        `_csrf=${encodeURIComponent(csrf)}&from=2026-11-28&week=own&${[0, 100, 100, 100, 100, 50, 0].map((share) => `shares=${share}`).join('&')}`,
      );
    expect(week.status).toBe(303);
    expect((await rotaOf('m01', '2026-11-28', '2026-11-30')).map(({ share }) => share)).toEqual([50, 0, 0]);
    await page.post('/rota/people/m01/week', { from: '2026-11-29', week: 'official' });
    expect((await rotaOf('m01', '2026-11-28', '2026-11-30')).map(({ share }) => share)).toEqual([50, 0, 100]);
    expect((await page.post('/rota/people/m01/week', { from: '2026-11-29', week: 'own' })).status).toBe(422);
  });

  it('an absence is noted, refused with its reason, and ended, from the month or from the person', async () => {
    const page = await logIn(test, 'supervisor-e');
    const noted = await page.post('/rota/absences', { month: '2026-11', person: 'm01', ...leave, part: 'day', deputy: 'm02' });
    expect([noted.status, noted.headers.location]).toEqual([303, '/rota?month=2026-11']);
    expect((await page.get('/rota?month=2026-11')).text).toContain('已登记，计划会避开这些天');
    const met = await page.post('/rota/absences', { month: '2026-11', person: 'm01', at: 'person', ...leave });
    expect([met.status, met.text.includes('与本人已有的不在岗重叠：2026-11-25至2026-11-27')]).toEqual([409, true]);
    expect((await page.post('/rota/absences', { person: 'm11', ...leave })).status).toBe(404);
    const id = /\/rota\/people\/m01\/absences\/(\d+)\/end/.exec(met.text)?.[1] ?? '';
    expect(met.text).not.toContain(`action="/rota/people/m01/absences/${id}/end"`);
    expect(met.text).toMatch(new RegExp(`href="/rota/people/m01/absences/${id}/end\\?month=2026-11&amp;at=person" data-dialog`));
    const asked = await page.get(`/rota/people/m01/absences/${id}/end?month=2026-11&at=person`);
    expect([asked.status, asked.text.includes('取消林晓雯的这段不在岗？')]).toEqual([200, true]);
    expect(asked.text).toContain('已转给周可欣、还没打完的任务和约好的回拨，马上交还林晓雯');
    expect(asked.text).toContain(`method="post" action="/rota/people/m01/absences/${id}/end"`);
    expect(asked.text).toContain('<a class="btn" href="/rota/people/m01?month&#x3D;2026-11" data-close>');
    expect((await page.get(`/rota/people/m02/absences/${id}/end`)).status).toBe(404);
    const ended = await page.post(`/rota/people/m01/absences/${id}/end`, { month: '2026-11', at: 'person' });
    expect(ended.headers.location).toBe('/rota/people/m01?month=2026-11');
    expect((await page.post(`/rota/people/m01/absences/${id}/end`, {})).status).toBe(404);
  });

  it('each sum below the month opens the people it counts, each sum of a person that person', async () => {
    await note('supervisor-e', 'm02', { from: '2026-11-24', to: '2026-11-24', kind: 'leave' });
    const page = await logIn(test, 'supervisor-e');
    const month = (await page.get('/rota?month=2026-11&team=east-1')).text;
    const [people, calls] = [...month.matchAll(/href="\/rota\/day\?day=2026-11-24&amp;team=east-1">(\d+)</g)].map(([, sum]) => sum);
    const day = (await page.get('/rota/day?day=2026-11-24&team=east-1')).text;
    expect(day.match(/<th scope="row"><a href="\/rota\/people\//g)).toHaveLength(Number(people));
    expect(day).toMatch(new RegExp(`<th scope="row" colspan="4">[^<]*</th><td class="r">${calls}</td>`));
    expect(month).toMatch(/<td class="r"><a href="\/rota\/people\/m01\?month=2026-11">\d+<\/a><\/td>/);
    expect((await page.get('/rota/day?day=2026-13-01')).status).toBe(422);
  });

  it('one under way says that it ends with yesterday and what comes back, before it does', async () => {
    const { id } = (await note('supervisor-e', 'm01', { from: '2026-11-23', to: '2026-11-27', kind: 'leave' })).body;
    const page = await logIn(test, 'supervisor-e');
    const { text } = await page.get(`/rota/people/m01/absences/${id}/end?month=2026-11&at=rota`);
    expect(text).toContain('林晓雯今天起回来上班？');
    expect(text).toMatch(/不在岗记到[^<]*为止，今天起按排班上班[^]*因为不在岗转给别人、还没打完的任务和约好的回拨，马上交还林晓雯/);
    expect((await page.post(`/rota/people/m01/absences/${id}/end`, { month: '2026-11', at: 'rota' })).headers.location).toBe('/rota?month=2026-11');
  });

  it('a manager notes her own with a deputy, is warned, and calls it off; the account’s page has it as a panel', async () => {
    await note('m02', 'm02', { ...leave, from: '2026-11-27' });
    const page = await logIn(test, 'm01');
    expect((await page.get('/account')).text).toContain('hx-get="/account/absences"');
    const empty = await page.get('/account/absences');
    expect(empty.text).toContain('周可欣');
    expect(empty.text).not.toContain('何佳');
    expect((await page.post('/account/absences', { ...leave, from: '2026-11-20' })).text).toContain('已经过去的日子请主管补录');
    expect((await page.post('/account/absences', { ...leave, deputy: 'm02' })).status).toBe(303);
    const list = await page.get('/account/absences');
    expect(list.text).toContain('周可欣2026-11-27至2026-11-27也不在岗');
    const panel = await page.agent.get('/account/absences').set('hx-request', 'true').set('accept', 'text/html');
    expect([panel.text.includes('<html'), panel.text.includes('请假')]).toEqual([false, true]);
    const id = /\/account\/absences\/(\d+)\/end/.exec(list.text)?.[1] ?? '';
    expect((await page.get(`/account/absences/${id}/end`)).text).toContain('取消林晓雯的这段不在岗？');
    expect((await page.post(`/account/absences/${id}/end`)).status).toBe(303);
    expect((await page.get('/account/absences')).text).toContain('没有人不在岗');
  });

  it('CAR-1 a manager’s day shows the coming days at work, each with what fits', async () => {
    await note('supervisor-e', 'm01', { from: '2026-11-25', to: '2026-11-25', kind: 'training', part: 'morning' });
    await note('supervisor-e', 'm01', { from: '2026-11-26', to: '2026-11-26', kind: 'leave' });
    const today = (await (await logIn(test, 'm01')).get('/today')).text;
    const shown = [...today.matchAll(/aria-label="(2026-\d\d-\d\d：\d+通，产能\d+)"/g)].map(([, label]) => label);
    expect(shown.slice(0, 3)).toEqual(['2026-11-24：0通，产能60', '2026-11-25：0通，产能30', '2026-11-27：0通，产能60']);
  });

  it('what a kind costs is set on the page by an administrator alone', async () => {
    expect((await (await logIn(test, 'supervisor-e')).post('/rota/kinds', { code: 'visit', lossPercent: '30' })).status).toBe(403);
    const admin = await logIn(test, 'admin');
    expect((await admin.post('/rota/kinds', { code: 'visit', lossPercent: '150' })).status).toBe(422);
    expect((await admin.post('/rota/kinds', { code: 'visit', lossPercent: '30' })).status).toBe(303);
    expect((await (await house('m01')).get('/absence-kinds')).body).toMatchObject({
      items: [{ code: 'leave', lossPercent: 100 }, {}, {}, { lossPercent: 30 }],
    });
    await admin.post('/rota/kinds', { code: 'visit', lossPercent: '50' });
  });
});
