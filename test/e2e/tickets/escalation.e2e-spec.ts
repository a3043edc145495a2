import type { Response } from 'supertest';
import type { TicketRow } from '../../../src/tickets/tickets.types.js';
import { CareWorld, person, type Person } from '../care/care-world.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { callAs } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';

type Ticket = TicketRow & { history: { deed: string }[] };

let world: CareWorld;
beforeAll(async () => {
  world = await CareWorld.open();
});
afterAll(() => world.test.close());

/** Logged in anew: days go by between two steps. */
const as = (who: string) => callAs(world.test, who);
const open = async (who: Person, form: object = {}): Promise<Ticket> =>
  (await (await as('m01')).post('/tickets', { kind: 'complaint', text: '夜里通话常中断', phone: who.phone, ...form })).body as Ticket;
const step = async (no: string, deed: string): Promise<Response> => (await as('m01')).post(`/tickets/${no}/steps`, { deed });
const codeOf = ({ status, body }: Response): [number, string] => [status, (body as { error: { code: string } }).error.code];

describe('TIC-3 a ticket goes before superiors', () => {
  const escalations = async (no: string): Promise<number> =>
    ((await (await as('m01')).get(`/tickets/${no}`)).body as Ticket).history.filter(({ deed }) => deed === 'escalate').length;
  const laterTick = async (minutes: number): Promise<void> => {
    world.test.clock.advance(minutes * 60_000);
    await tickSchedules(world.test.app);
  };

  it('TIC-2 in the time its limit is counted in: a night and a weekend are none of it', async () => {
    const { clock } = world.test;
    clock.set('2026-11-27T17:00:00+08:00'); // a Friday; suggestions are answered in four hours of work
    const ticket = await open(await person(world.test.db, { star: 7 }), { kind: 'suggestion' });
    const page = async (): Promise<string> => (await (await logIn(world.test, 'm01')).get(`/tickets/${ticket.no}`)).text;
    expect(ticket.answerDue).toBe('2026-11-30T04:00:00.000Z');
    clock.set('2026-11-30T09:00:00+08:00'); // more than four fifths by the clock
    await tickSchedules(world.test.app);
    expect([await escalations(ticket.no), (await page()).includes('时限已用25%')]).toEqual([0, true]);
    await laterTick(131);
    expect([await escalations(ticket.no), (await page()).includes('时限已用79%')]).toEqual([0, true]);
    await laterTick(1);
    expect([await escalations(ticket.no), (await page()).includes('时限已用80%')]).toEqual([1, true]);
  });

  it('TIC-2 later by as long as the customer was waited for', async () => {
    const { no } = await open(await person(world.test.db), { kind: 'correction' });
    await step(no, 'take');
    await step(no, 'wait');
    await laterTick(60);
    await step(no, 'resume');
    await laterTick(11);
    expect(await escalations(no)).toBe(0);
    await laterTick(1);
    expect(await escalations(no)).toBe(1);
  });

  it('once a limit: the first answer begins another, opened again it has its time again', async () => {
    const { no } = await open(await person(world.test.db), { kind: 'correction' });
    await step(no, 'take');
    await laterTick(12);
    expect(codeOf(await step(no, 'escalate'))).toEqual([409, 'ticket_escalated']);
    await step(no, 'answer');
    await laterTick(60);
    expect(await escalations(no)).toBe(1);
    await laterTick(48 * 48); // four fifths of two days, from its opening
    await laterTick(1);
    expect(await escalations(no)).toBe(2);
    expect(codeOf(await step(no, 'escalate'))).toEqual([409, 'ticket_escalated']);
    await step(no, 'solve');
    await step(no, 'close');
    const reopened = (await step(no, 'reopen')).body as Ticket;
    expect(reopened).toMatchObject({ state: 'answered', escalatedAt: null, late: false });
    expect(new Date(reopened.solveDue).getTime() - world.test.clock.now().getTime()).toBe(48 * 3_600_000);
    await laterTick(48 * 48 - 1);
    expect(await escalations(no)).toBe(2);
    await laterTick(1);
    expect(await escalations(no)).toBe(3);
  });
});
