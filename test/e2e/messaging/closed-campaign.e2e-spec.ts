import { BlastStartCommands } from '../../../src/messaging/blasts/blast-start.commands.js';
import { CampaignSteps } from '../../../src/messaging/steps/step.commands.js';
import type { Tx } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { until } from '../../support/until.js';
import { CallCentre, must } from '../calls/call-centre.js';

interface Campaign {
  id: string;
  code: string;
  name: string;
  orgUnitId: string;
  segmentId: string | null;
}

let test: TestApp;
let centre: CallCentre;
const part = <T>(type: new (...args: never[]) => T): T => test.app.get<T>(type, { strict: false });

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  const text = { code: 'missed', name: '未接通', purpose: 'care', signature: '中国电信', body: '您好，刚才未能联系上您' };
  await must((await centre.house('planner-e')).post('/sms/templates', text), 201);
  await must((await centre.house('admin')).post('/sms/templates/missed/approve'), 200);
});
afterAll(() => test.close());

async function stepping(code: string): Promise<Campaign> {
  const planner = await centre.house('planner-e');
  const filter = { starLevel: [0, 1, 2, 3, 4, 5, 6, 7] };
  await must(planner.post('/campaigns', { code, name: code, kind: 'marketing', startsOn: '2026-11-01', endsOn: '2026-12-31', filter }), 201);
  const step = { when: 'after', hours: 2, outcomes: ['no_answer'], templates: [{ code: 'missed' }] };
  await must(planner.post(`/campaigns/${code}/sms-step`, step), 200);
  await must(planner.post(`/campaigns/${code}/launch`), 200);
  await drainJobs(test.app);
  return test.db.one<Campaign>(sql`
    select id, code, name, org_unit_id as "orgUnitId", null::text as "segmentId" from campaigns.campaign where code = ${code}`);
}

const plan = (tx: Tx, campaign: Campaign, ids: readonly string[]): Promise<number> =>
  part(BlastStartCommands).planForStep(tx, {
    campaign,
    variant: 'A',
    template: 'missed',
    recipients: sql`select l.customer_id, l.id as line_id, l.number from customers.line l where l.customer_id = any(${ids}::bigint[])`,
  });

/** As what is due is sent: under the lock of the step, by a campaign that was read as running; it is closed before the transaction ends. */
async function closedWhilePlanned(campaign: Campaign, ids: readonly string[]): Promise<void> {
  const waiting = async (): Promise<boolean> =>
    (await test.db.rows(sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0;
  let closing: Promise<void> = Promise.resolve();
  await test.db.tx(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('messaging.step'), (${campaign.id}::bigint % 2147483647)::int)`);
    await plan(tx, campaign, ids);
    await test.db.run(sql`update campaigns.campaign set state = 'closed' where id = ${campaign.id}`);
    closing = part(CampaignSteps).follow(campaign.id, 'closed');
    await until('the end of the campaign waits for what is being planned', waiting);
  });
  await closing;
  await drainJobs(test.app);
}

const standing = (campaign: Campaign) =>
  test.db.rows<{ blast: string; state: string; n: number }>(sql`
    select b.state as blast, r.state, count(*)::int as n from messaging.blast b join messaging.recipient r on r.blast_id = b.id
    where b.campaign_id = ${campaign.id} group by 1, 2 order by 2`);

describe('R12 a campaign that is closed while its texts are planned', () => {
  it('sends none of them', async () => {
    const campaign = await stepping('late');
    await closedWhilePlanned(campaign, await centre.customers('m01', [7, 6]));
    expect(await standing(campaign)).toEqual([{ blast: 'cancelled', state: 'cancelled', n: 2 }]);
    expect(await test.db.rows(sql`select from messaging.simulator_inbox`)).toEqual([]);
  });

  it('leaves nobody planned in a blast that had begun', async () => {
    const campaign = await stepping('begun');
    const [first = '', ...others] = await centre.customers('m01', [5, 4]);
    await test.db.tx((tx) => plan(tx, campaign, [first]));
    await drainJobs(test.app);
    await closedWhilePlanned(campaign, others);
    expect(await standing(campaign)).toEqual([
      { blast: 'cancelled', state: 'accepted', n: 1 },
      { blast: 'cancelled', state: 'cancelled', n: 1 },
    ]);
  });
});
