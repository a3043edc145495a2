import { sql } from '../../../src/platform/database/sql.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { addPeople, addSegment, type Bench, type CampaignBody, campaignForm, createBench } from './campaign-bench.js';

let bench: Bench;

beforeAll(async () => {
  bench = await createBench();
  await addPeople(bench, [{ name: '陈志远', numbers: ['13800138000'] }]);
  await addSegment(bench, 'all');
});
afterAll(() => bench.test.close());

interface Fault {
  error: { code: string; param?: string; message: string };
}
const create = async (code: string, more: object = {}): Promise<CampaignBody> => {
  const answer = await bench.planner.post('/campaigns', campaignForm(code, { segment: 'all', ...more }));
  expect(answer.status).toBe(201);
  return answer.body as CampaignBody;
};
const act = async (code: string, action: string, body: object = {}) => bench.planner.post(`/campaigns/${code}/${action}`, body);

describe('CAM-1 what a campaign must be', () => {
  it.each([
    ['a kind that does not exist', { kind: 'party' }, 'invalid_input', 'kind'],
    ['an end before the start', { endsOn: '2026-10-31' }, 'ends_before_start', 'endsOn'],
    ['a day that does not exist', { startsOn: '2026-02-30' }, 'day_format', 'startsOn'],
    ['a segment that does not exist', { segment: 'nowhere' }, 'segment_unknown', 'segment'],
    ['a filter on something unknown', { filter: { shoeSize: 44 } }, 'filter_field_unknown', 'filter.shoeSize'],
    ['a band upside down', { band: { lower: 0.5, upper: 0.3 } }, 'band_upside_down', 'band'],
    ['a hold-out of everybody', { holdoutPercent: 100 }, 'invalid_input', 'holdoutPercent'],
    ['no attempt at all', { attemptPolicy: { maxAttempts: 0 } }, 'invalid_input', 'attemptPolicy.maxAttempts'],
    ['a script that is a number', { script: 7 }, 'script_invalid', 'script'],
    ['a code with a space', { code: 'a b' }, 'invalid_input', 'code'],
    ['a field nobody knows', { colour: 'red' }, 'invalid_input', 'colour'],
  ])('refuses %s', async (_, wrong, code, param) => {
    const answer = await bench.planner.post('/campaigns', { ...campaignForm('refused'), ...wrong });
    expect(answer.status).toBe(422);
    expect((answer.body as Fault).error).toMatchObject({ code, param });
  });

  it('refuses a code that is taken', async () => {
    await create('taken');
    const answer = await bench.planner.post('/campaigns', campaignForm('taken'));
    expect(answer.status).toBe(409);
    expect((answer.body as Fault).error).toMatchObject({ code: 'campaign_code_taken', param: 'code' });
  });

  it.each(['m01', 'supervisor-e'])('refuses %s to make one', async (who) => {
    const answer = await (await bench.house(who)).post('/campaigns', campaignForm('not-mine'));
    expect(answer.status).toBe(403);
  });

  it('keeps what it was given and fills in the defaults', async () => {
    const made = await create('defaults');
    expect(made).toMatchObject({
      code: 'defaults',
      state: 'draft',
      segment: 'all',
      assignment: 'owner',
      attemptPolicy: { maxAttempts: 3, minGapMinutes: 120 },
      holdoutPercent: 0,
      band: null,
      tasks: { open: 0, done: 0 },
      audience: null,
    });
    const read = await bench.planner.get('/campaigns/defaults');
    expect(read.body).toEqual(made);
  });
});

describe('CAM-1 the life of a campaign', () => {
  it.each(['pause', 'resume'])('refuses to %s a draft', async (action) => {
    await create(`draft-${action}`);
    const answer = await act(`draft-${action}`, action);
    expect(answer.status).toBe(409);
    expect((answer.body as Fault).error.code).toBe('campaign_state');
  });

  it('refuses to launch what is closed', async () => {
    await create('over');
    expect((await act('over', 'close')).body).toMatchObject({ state: 'closed' });
    expect((await act('over', 'launch')).status).toBe(409);
  });

  it('refuses to close the standing campaign of ad hoc contacts (CAM-5)', async () => {
    const { test, house } = bench;
    await test.db.run(sql`
      insert into campaigns.campaign (code, name, kind, state, standing, starts_on, org_unit_id, created_at, updated_at)
      select 'standing-one', '常设', 'care', 'running', true, '2026-01-01', id, ${test.clock.now()}, ${test.clock.now()} from staff.org_unit where parent_id is null`);
    const answer = await (await house('admin')).post('/campaigns/standing-one/close');
    expect(answer.status).toBe(409);
    expect((answer.body as Fault).error.code).toBe('campaign_standing');
  });

  it('launches, pauses, resumes and closes, and writes down who, when and why', async () => {
    await create('whole-life');
    const states: string[] = [];
    for (const [action, reason] of [['launch'], ['pause', '线路检修'], ['resume'], ['close', '目标完成']] as const) {
      states.push(((await act('whole-life', action, reason ? { reason } : {})).body as CampaignBody).state);
    }
    expect(states).toEqual(['running', 'paused', 'running', 'closed']);
    const history = await bench.test.db.rows(sql`
      select t.to_state as "to", u.username as "by", t.why from campaigns.transition t
      join campaigns.campaign c on c.id = t.campaign_id join staff.app_user u on u.id = t.by_user where c.code = 'whole-life' order by t.id`);
    expect(history).toEqual([
      { to: 'draft', by: 'planner-e', why: null },
      { to: 'running', by: 'planner-e', why: null },
      { to: 'paused', by: 'planner-e', why: '线路检修' },
      { to: 'running', by: 'planner-e', why: null },
      { to: 'closed', by: 'planner-e', why: '目标完成' },
    ]);
  });

  it('launches once however often the button is pressed, also at the same time (R4)', async () => {
    await create('pressed');
    const answers = await Promise.all([1, 2, 3, 4].map(() => act('pressed', 'launch')));
    expect(answers.map((answer) => [answer.status, (answer.body as CampaignBody).state])).toEqual(Array(4).fill([200, 'running']));
    const { launches } = await bench.test.db.one<{ launches: number }>(sql`
      select count(*)::int as launches from campaigns.transition t join campaigns.campaign c on c.id = t.campaign_id where c.code = 'pressed' and t.to_state = 'running'`);
    expect(launches).toBe(1);
  });

  it('takes a start in the past and runs at once', async () => {
    await create('history', { startsOn: '2025-05-01', endsOn: '2025-06-30' });
    expect((await act('history', 'launch')).body).toMatchObject({ state: 'running' });
  });
});

describe('SYS-1 whose campaign it is', () => {
  it('a planner of another unit hears "not found", for looking and for every deed', async () => {
    await create('east-only');
    const west = await bench.house('planner-w');
    expect((await west.get('/campaigns/east-only')).status).toBe(404);
    for (const action of ['preview', 'launch', 'pause', 'resume', 'close']) {
      expect((await west.post(`/campaigns/east-only/${action}`)).status).toBe(404);
    }
    expect(JSON.stringify((await west.get('/campaigns')).body)).not.toContain('east-only');
  });

  it('a planner may look at the campaign of a unit above, not steer it', async () => {
    const admin = await bench.house('admin');
    expect((await admin.post('/campaigns', campaignForm('province-wide'))).status).toBe(201);
    expect((await bench.planner.get('/campaigns/province-wide')).status).toBe(200);
    const answer = await act('province-wide', 'launch');
    expect(answer.status).toBe(403);
    expect((answer.body as Fault).error.code).toBe('campaign_of_upper_unit');
  });

  it.each(['get', 'launch'])('a manager is refused (%s)', async (what) => {
    await create(`hidden-${what}`);
    const manager = await bench.house('m01');
    const answer = what === 'get' ? await manager.get(`/campaigns/hidden-${what}`) : await manager.post(`/campaigns/hidden-${what}/launch`);
    expect(answer.status).toBe(403);
  });

  it('a supervisor reads the campaigns of her scope', async () => {
    await create('readable');
    const answer = await (await bench.house('supervisor-e')).get('/campaigns?q=readable');
    expect((answer.body as { items: CampaignBody[] }).items.map((item) => item.code)).toEqual(['readable']);
  });
});

// last, because days go by and sessions end
describe('CAM-1 a campaign with a start in the future', () => {
  it('waits for a start in the future and then starts by itself', async () => {
    const { test } = bench;
    await create('december', { startsOn: '2026-12-01' });
    const launched = (await act('december', 'launch')).body as CampaignBody;
    expect(launched.state).toBe('scheduled');
    expect(launched.audience?.matched).toBe(1);

    const stateAt = async (instant: string): Promise<string> => {
      test.clock.set(instant);
      await tickSchedules(test.app);
      return (await test.db.one<{ state: string }>(sql`select state from campaigns.campaign where code = 'december'`)).state;
    };
    expect(await stateAt('2026-11-30T23:59:00+08:00')).toBe('scheduled');
    expect(await stateAt('2026-12-01T00:00:00+08:00')).toBe('running');
  });
});
