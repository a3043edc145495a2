import type { Response } from 'supertest';
import { dayOf } from '../../../src/kernel/day.js';
import type { FollowUpKind } from '../../../src/care/care.types.js';
import type { TicketRow } from '../../../src/tickets/tickets.types.js';
import { CareWorld, followUpAsked, person, type Person } from '../care/care-world.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn } from '../../support/visitor.js';

let world: CareWorld;
beforeAll(async () => {
  world = await CareWorld.open();
  world.test.clock.set('2026-11-24T14:30:00+08:00');
  await world.enable('service-follow-up', { restDays: 0 });
});
afterAll(() => world.test.close());

const as = (who: string) => world.house(who);
const step = async (no: string, deed: string): Promise<Response> => (await as('m01')).post(`/tickets/${no}/steps`, { deed });
const stateOf = async (no: string): Promise<string> => ((await (await as('m01')).get(`/tickets/${no}`)).body as TicketRow).state;
const solved = async (who: Person, kind: string): Promise<string> => {
  const { no } = (await (await as('m01')).post('/tickets', { kind, text: '夜里通话常中断', phone: who.phone })).body as TicketRow;
  for (const deed of ['take', 'solve']) await step(no, deed);
  return no;
};
/** The call stands on the list, and is held. */
const held = async (who: Person): Promise<string> => {
  await world.run(dayOf(world.test.clock.now()), ['service-follow-up']);
  const task = (await world.due(who)).find(({ state }) => state === 'open')?.taskId ?? '';
  expect((await (await as('m01')).post(`/tasks/${task}/claim`)).status).toBe(200);
  return task;
};
const record = async (task: string, said: object): Promise<Response> => {
  const answer = await (await as('m01')).post(`/tasks/${task}/attempts`, { talkSeconds: 40, topics: ['service-follow-up'], ...said });
  await drainJobs(world.test.app);
  return answer;
};
const dueOf = async (who: Person): Promise<string[]> => (await world.due(who)).map(({ state }) => state);

describe('TIC-4, CAR-9 the call-back of a solved ticket', () => {
  it.each(['complaint', 'fault'])('of a %s does not end without the mark of a customer who was there; with it the ticket closes', async (kind) => {
    const who = await person(world.test.db);
    const no = await solved(who, kind);
    const task = await held(who);
    const page = await logIn(world.test, 'm01');
    const startedAt = /name="startedAt" value="([^"]+)"/.exec((await page.get('/desk')).text)?.[1] ?? '';
    for (const [outcome, topics] of [
      ['reached', []],
      ['complaint', []],
      ['reached', ['star-revisit']],
    ] as const) {
      const again = await page.post(`/tasks/${task}/attempts`, { startedAt, talkSeconds: '40', outcome, topics: [...topics] });
      expect([again.status, again.text.includes('satisfaction-error')]).toEqual([422, true]);
    }
    expect([await dueOf(who), await stateOf(no)]).toEqual([['open'], 'solved']);
    expect((await record(task, { outcome: 'reached', satisfaction: 5 })).status).toBe(201);
    expect([await dueOf(who), await stateOf(no)]).toEqual([['done'], 'closed']);
  });

  it.each([
    ['nobody was reached', { outcome: 'no_answer', talkSeconds: 0 }],
    ['somebody else answered', { outcome: 'wrong_person' }],
    ['the customer wants to be called again', { outcome: 'callback', callbackAt: '2026-11-24T16:00:00+08:00' }],
  ])('goes on without a mark when %s: the call is still to be made', async (_, said) => {
    const who = await person(world.test.db);
    await solved(who, 'complaint');
    expect((await record(await held(who), said)).status).toBe(201);
    expect(await dueOf(who)).toEqual(['open']);
  });

  it('that a program records without a mark is taken, and keeps no promise: the ticket says how to ask again', async () => {
    const who = await person(world.test.db);
    const no = await solved(who, 'complaint');
    expect((await record(await held(who), { outcome: 'reached' })).status).toBe(201);
    expect([await dueOf(who), await stateOf(no)]).toEqual([['not_reached'], 'solved']);
    expect((await (await logIn(world.test, 'm01')).get(`/tickets/${no}`)).text).toContain('没有记下满意度');
  });

  it('keeps no promise when the customer will not say, and solved again it is asked for again', async () => {
    const who = await person(world.test.db);
    const no = await solved(who, 'complaint');
    expect((await record(await held(who), { outcome: 'refused' })).status).toBe(201);
    expect([await dueOf(who), await stateOf(no)]).toEqual([['not_reached'], 'solved']);
    const page = await logIn(world.test, 'm01');
    expect((await page.get(`/tickets/${no}`)).text).toContain('没有记下满意度');
    for (const deed of ['reopen', 'solve']) await step(no, deed);
    expect((await record(await held(who), { outcome: 'reached', satisfaction: 4 })).status).toBe(201);
    expect(await stateOf(no)).toBe('closed');
  });

  it('keeps none either when a correction says afterwards that the customer was there', async () => {
    const who = await person(world.test.db);
    const no = await solved(who, 'fault');
    const attempt = (await record(await held(who), { outcome: 'invalid_number', talkSeconds: 0 })).body as { id: string };
    const corrected = await (await as('m01')).patch(`/attempts/${attempt.id}`, { outcome: 'reached', reason: '按错了键' });
    expect(corrected.status).toBe(200);
    await drainJobs(world.test.app);
    expect([await dueOf(who), await stateOf(no)]).toEqual([['not_reached'], 'solved']);
  });

  it('comes back at the desk with the sentence at the box, which says that it is needed', async () => {
    const who = await person(world.test.db);
    await solved(who, 'complaint');
    const task = await held(who);
    const page = await logIn(world.test, 'm01');
    const desk = (await page.get('/desk')).text;
    expect(desk).toContain('请记下，工单凭它关闭');
    const startedAt = /name="startedAt" value="([^"]+)"/.exec(desk)?.[1] ?? '';
    const again = await page.post(`/tasks/${task}/attempts`, {
      startedAt,
      outcome: 'reached',
      talkSeconds: '40',
      satisfaction: '',
      note: '不该丢的话',
    });
    expect(again.status).toBe(422);
    for (const words of ['请记下客户的满意度', 'satisfaction-error', '不该丢的话']) expect(again.text).toContain(words);
    expect((await record(task, { outcome: 'reached', satisfaction: 4 })).status).toBe(201);
  });

  it.each<FollowUpKind>(['service', 'order'])('of a %s is done without a mark: it closes no ticket', async (kind) => {
    const who = await person(world.test.db);
    await followUpAsked(world.test.db, who, { kind, reference: `R-${kind}`, closedOn: '2026-11-24' });
    expect((await record(await held(who), { outcome: 'reached' })).status).toBe(201);
    expect(await dueOf(who)).toEqual(['done']);
  });

  it('asks no mark any more once the ticket was opened again while it went on', async () => {
    const who = await person(world.test.db);
    const no = await solved(who, 'complaint');
    const task = await held(who);
    await step(no, 'reopen');
    expect((await record(task, { outcome: 'reached' })).status).toBe(201);
  });
});
