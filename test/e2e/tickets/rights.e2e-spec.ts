import type { Response } from 'supertest';
import type { TicketRow } from '../../../src/tickets/tickets.types.js';
import { CareWorld, person } from '../care/care-world.js';
import { logIn } from '../../support/visitor.js';

let world: CareWorld;
beforeAll(async () => {
  world = await CareWorld.open();
});
afterAll(() => world.test.close());

const as = (who: string) => world.house(who);
const step = async (no: string, deed: string, more: object = {}, by = 'm01'): Promise<Response> =>
  (await as(by)).post(`/tickets/${no}/steps`, { deed, ...more });
const codeOf = ({ status, body }: Response): [number, string] => [status, (body as { error: { code: string } }).error.code];
/** Opened by the colleague for a customer of theirs; nobody has it. */
const ofColleague = async (): Promise<string> => {
  const { phone } = await person(world.test.db, { manager: 'm02' });
  return ((await (await as('m02')).post('/tickets', { kind: 'complaint', text: '夜里通话常中断', phone })).body as TicketRow).no;
};

describe('TIC-3 of a colleague’s customer a manager of the same team', () => {
  const colleagues = async (): Promise<string> => {
    const no = await ofColleague();
    expect((await step(no, 'take', {}, 'm02')).status).toBe(200);
    return no;
  };

  it.each([
    ['assign', { to: 'm01' }],
    ['transfer', { unit: 'west-1' }],
    ['answer', {}],
    ['wait', {}],
    ['solve', {}],
    ['escalate', {}],
    ['merge', { into: 'TS-000001' }],
  ])('does not %s: the refusal names who has it, and nothing changed', async (deed, more) => {
    const no = await colleagues();
    const refused = await step(no, deed, more);
    expect(codeOf(refused)).toEqual([403, 'ticket_of_other']);
    expect((refused.body as { error: { message: string } }).error.message).toContain('周可欣');
    expect((await (await as('supervisor-e')).get(`/tickets/${no}`)).body).toMatchObject({
      state: 'assigned',
      assignee: '周可欣',
      unitCode: 'east-1',
    });
  });

  it('urges it, and changes it once it is theirs; a supervisor changes it anyhow', async () => {
    const no = await colleagues();
    expect((await step(no, 'urge')).status).toBe(200);
    expect((await step(no, 'escalate', {}, 'supervisor-e')).status).toBe(200);
    expect((await step(no, 'assign', { to: 'm01' }, 'supervisor-e')).status).toBe(200);
    expect((await step(no, 'answer')).body).toMatchObject({ state: 'answered' });
  });

  it('takes what nobody has, as a ticket handed to another team is taken there', async () => {
    const no = await ofColleague();
    expect(codeOf(await step(no, 'merge', { into: 'TS-000001' }))).toEqual([403, 'ticket_of_nobody']);
    expect((await step(no, 'take')).body).toMatchObject({ state: 'assigned', assignee: '林晓雯' });
    expect((await step(no, 'answer')).status).toBe(200);
  });
});

it('TIC-3 of a colleague a manager reads and urges what is going on; what would be refused is not offered, and the refusal says whom to ask', async () => {
  const no = await ofColleague();
  const [manager, supervisor] = [await logIn(world.test, 'm01'), await logIn(world.test, 'supervisor-e')];
  const look = async (by = manager): Promise<string> => (await by.get(`/tickets/${no}`)).text;
  const press = (deed: string, more: Record<string, string> = {}) => manager.post(`/tickets/${no}/steps`, { deed, ...more });
  const offered = (page: string): string[] => [...page.matchAll(/name="deed" value="([a-z]+)"/g)].map(([, deed]) => deed ?? '').sort();
  expect(offered(await look())).toEqual(['take', 'urge']);
  const early = await press('transfer', { unit: 'west-1' });
  expect([early.status, early.text.includes('您可以先接手')]).toEqual([403, true]);
  await step(no, 'take', {}, 'm02');
  expect(offered(await look())).toEqual(['urge']);
  const late = await press('solve');
  expect([late.status, late.text.includes('请联系周可欣或主管')]).toEqual([403, true]);
  expect((await press('urge')).status).toBe(303);
  expect(await look()).toContain('催1次');
  expect(offered(await look(supervisor))).toContain('solve');
});
