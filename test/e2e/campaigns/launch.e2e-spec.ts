import { addPeople, addSegment, type Bench, type CampaignBody, campaignForm, createBench } from './campaign-bench.js';

let bench: Bench;

// the product as it runs: the relay works by itself
beforeAll(async () => {
  bench = await createBench({ autoStart: true });
  await addPeople(bench, [
    { name: '陈志远', star: 7, numbers: ['13800000001'] },
    { name: '王芳', star: 5, numbers: ['13800000002'] },
    { name: '未同意', consent: false, numbers: ['13800000003'] },
  ]);
  await addSegment(bench, 'all');
});
afterAll(() => bench.test.close());

describe('the launch of a campaign', () => {
  it('answers when the list stands: its tasks can be claimed at once, and count as open', async () => {
    await bench.planner.post('/campaigns', campaignForm('at-once', { segment: 'all' }));
    const launched = (await bench.planner.post('/campaigns/at-once/launch')).body as CampaignBody;
    expect(launched).toMatchObject({ state: 'running', tasks: { open: 2, done: 0, total: 2 } });
    const next = await (await bench.house('m01')).post('/call-desk/next', { campaign: 'at-once' });
    expect(next.status).toBe(200);
    expect((next.body as { task: { campaign: string; customer: { name: string } } }).task).toMatchObject({
      campaign: 'at-once',
      customer: { name: '陈志远' },
    });
    expect(((await bench.planner.get('/campaigns/at-once')).body as CampaignBody).tasks).toMatchObject({ open: 1, claimed: 1, total: 2 });
  });

  it('CAM-1 is refused, by the API too, while a script names a field that nobody has', async () => {
    const form = campaignForm('no-field', { segment: 'all', script: { opening: '您好{{name}}，{{nosuch|本月}}到期。' } });
    await bench.planner.post('/campaigns', form);
    const refused = await bench.planner.post('/campaigns/no-field/launch');
    expect([refused.status, refused.body]).toMatchObject([422, { error: { code: 'script_field_unknown' } }]);
    expect(JSON.stringify(refused.body)).toContain('nosuch');
    expect((await bench.planner.get('/campaigns/no-field')).body).toMatchObject({ state: 'draft', audience: null });
  });

  it('does not wait where nobody is to be called', async () => {
    await bench.planner.post('/campaigns', campaignForm('nobody'));
    const launched = (await bench.planner.post('/campaigns/nobody/launch')).body as CampaignBody;
    expect(launched).toMatchObject({ state: 'running', tasks: { total: 0 }, audience: { matched: 0, included: 0, excluded: {} } });
  });
});
