import { sql } from '../../../src/platform/database/sql.js';
import { waveReason } from '../../../src/campaigns/waves/wave.rule.js';
import { waveReasonsSql } from '../../../src/campaigns/waves/wave-audience.js';
import type { EarlierResult } from '../../../src/campaigns/waves/wave.types.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { empty } from '../../support/empty.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { PASSWORD } from '../../support/house.js';
import { linesOf } from '../reports/four-ways.js';
import { CallCentre, must, refusal } from '../calls/call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  await empty(test.db, 'messaging.blast');
  await centre.clear();
});

const planner = () => centre.house('planner-e');
const addWave = async (code: string, take: string[], mostTogether = 6) =>
  (await must((await planner()).post(`/campaigns/${code}/waves`, { take, mostTogether }), 201)) as { code: string; wave: number; waveOf: string };
const preview = async (code: string) =>
  (await must((await planner()).post(`/campaigns/${code}/preview`), 200)) as { matched: number; included: number; excluded: Record<string, number> };
const launch = async (code: string): Promise<void> => {
  await must((await planner()).post(`/campaigns/${code}/launch`), 200);
  await drainJobs(test.app);
};
const stars = async (code: string): Promise<number[]> =>
  (
    await test.db.rows<{ star: number }>(
      sql`select t.star from calls.task t join campaigns.campaign c on c.id = t.campaign_id where c.code = ${code} order by 1 desc`,
    )
  ).map((row) => row.star);

describe('R38 a list is never reset: a new wave is a new object with its own rules', () => {
  it('takes who was not reached, not who refused or bought, nor who is still on the list, and says why of each', async () => {
    await centre.customers('m01', [7, 6, 5, 4, 3]);
    await centre.campaign('spring', { kind: 'care', attemptPolicy: { maxAttempts: 1 } });
    await centre.call('m01', { outcome: 'no_answer' });
    await centre.call('m01', { outcome: 'refused', reason: 'tariff', talkSeconds: 30 });
    await centre.call('m01', { outcome: 'converted', talkSeconds: 60 });
    await centre.call('m01', { outcome: 'interested', reason: 'think_over', talkSeconds: 60 });
    const wave = await addWave('spring', ['not_reached', 'not_dialled']);
    expect(wave).toMatchObject({ wave: 2, waveOf: 'spring', state: 'draft', waveTake: ['not_reached', 'not_dialled'], mostTogether: 6 });
    expect(await preview(wave.code)).toEqual({ matched: 5, included: 1, excluded: { wave_decided: 2, wave_not_taken: 1, wave_open: 1 } });
    await must((await planner()).post('/campaigns/spring/close'), 200);
    await drainJobs(test.app);
    expect(await preview(wave.code)).toEqual({ matched: 5, included: 2, excluded: { wave_decided: 2, wave_not_taken: 1 } });
    await launch(wave.code);
    expect(await stars(wave.code)).toEqual([7, 3]);
    // the first wave keeps what it was
    expect(await stars('spring')).toEqual([7, 6, 5, 4, 3]);
  });

  it('has the columns of the first wave’s segment in its script and its texts', async () => {
    const [id = ''] = await centre.customers('m01', [7]);
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line where customer_id = ${id}`);
    await must((await planner()).post('/segments', { code: 'ending', name: '到期' }), 201);
    await centre.hand('segment&segment=ending', ['phone,到期月份', `${number},12月`]);
    const template = { code: 'ending', name: '到期', purpose: 'care', signature: '中国电信', body: '您的宽带{{到期月份}}到期。' };
    await must((await planner()).post('/sms/templates', template), 201);
    await must((await centre.house('admin')).post('/sms/templates/ending/approve'), 200);
    const step = { when: 'after', hours: 1, outcomes: ['no_answer'], templates: [{ code: 'ending' }] };
    const script = { opening: '您的宽带{{到期月份|近期}}到期', branches: [], objections: [] };
    const form = { kind: 'care', segment: 'ending', filter: undefined, script, attemptPolicy: { maxAttempts: 1 } };
    await centre.campaign('ends', form);
    await centre.call('m01', { outcome: 'no_answer' });
    const { code } = await addWave('ends', ['not_reached']);
    await must((await planner()).post(`/campaigns/${code}/sms-step`, step), 200);
    await launch(code);
    await centre.moveTo('2026-11-25T10:00');
    await centre.take('m01');
    expect((await (await logIn(test, 'm01')).get('/desk')).text.replace(/<[^>]+>/g, '')).toMatch(/您的宽带\s*12月\s*到期/);
    await centre.call('m01', { outcome: 'no_answer' });
    await centre.moveTo('2026-11-25T11:30');
    await tickSchedules(test.app);
    expect(await test.db.rows(sql`select body from messaging.simulator_inbox`)).toEqual([{ body: expect.stringContaining('12月到期') as string }]);
  });

  it('limits span waves: dials of all waves count, the gap goes on, caps too', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('long', { kind: 'care', attemptPolicy: { maxAttempts: 2, minGapMinutes: 240 } });
    await centre.call('m01', { outcome: 'no_answer' });
    await centre.moveTo('2026-11-25T10:00');
    await centre.call('m01', { outcome: 'no_answer' });
    const second = await addWave('long', ['not_reached'], 3);
    await launch(second.code);
    // the gap after the last dial of the first wave is kept by the second
    const [task] = await test.db.rows<{ notBefore: Date; earlier: number }>(
      sql`select not_before as "notBefore", earlier_attempts as earlier from calls.task where state = 'open'`,
    );
    expect(task).toEqual({ notBefore: new Date('2026-11-25T14:00:00+08:00'), earlier: 2 });
    await centre.moveTo('2026-11-26T10:00');
    const { attempt } = await centre.call('m01', { outcome: 'no_answer' });
    // its own limit is two, the third dial of all waves is the last
    expect(attempt.task).toMatchObject({ state: 'not_reached' });
    const third = await addWave(second.code, ['not_reached'], 3);
    expect(await preview(third.code)).toEqual({ matched: 1, included: 0, excluded: { wave_attempts: 1 } });
    expect(third).toMatchObject({ wave: 3, waveOf: 'long' });
  });

  it('figures by wave and together, each customer once', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('sum', { kind: 'care', attemptPolicy: { maxAttempts: 1 } });
    await centre.call('m01', { outcome: 'no_answer' });
    await centre.call('m01', { outcome: 'no_answer' });
    const wave = await addWave('sum', ['not_reached']);
    await launch(wave.code);
    await centre.moveTo('2026-11-25T10:00');
    await centre.call('m01', { outcome: 'converted', talkSeconds: 60 });
    const figures = (await must((await centre.house('supervisor-e')).get('/campaigns/sum/waves'), 200)) as object;
    const none = { converted: 0, succeeded: 0 };
    expect(figures).toEqual({
      waves: [
        { wave: 1, code: 'sum', name: '活动sum', state: 'running', listed: 2, attempts: 2, connected: 0, dialled: 2, reached: 0, ...none },
        {
          wave: 2,
          code: wave.code,
          name: '活动sum · 第2轮',
          state: 'running',
          listed: 2,
          attempts: 1,
          connected: 1,
          dialled: 1,
          reached: 1,
          ...none,
          converted: 1,
        },
      ],
      together: { listed: 2, attempts: 3, connected: 1, dialled: 2, reached: 1, ...none, converted: 1 },
    });
    const page = await (await logIn(test, 'planner-e')).get(`/campaigns/${wave.code}/waves`);
    expect(page.text).toContain('第2轮');
    expect(page.text).toContain('合计');
  });

  it('every figure opens its rows, as many as it says, of a wave and of all of them; a client sees figures only', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('rows', { kind: 'care', attemptPolicy: { maxAttempts: 1 } });
    await centre.call('m01', { outcome: 'no_answer' });
    await centre.call('m01', { outcome: 'no_answer' });
    const wave = await addWave('rows', ['not_reached']);
    await launch(wave.code);
    await centre.moveTo('2026-11-25T10:00');
    await centre.call('m01', { outcome: 'converted', talkSeconds: 60 });
    const visitor = await logIn(test, 'planner-e');
    const { text } = await visitor.get('/campaigns/rows/waves');
    const figures = [...text.matchAll(/<td class="r"><a href="([^"]+)">([^<]+)<\/a>/g)].map(([, href = '', said = '']) => ({
      href: href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='),
      said,
    }));
    expect(figures).toHaveLength(24);
    for (const { href, said } of figures) {
      const answer = await visitor.get(href);
      expect([href, answer.status]).toEqual([href, 200]);
      // a rate opens the calls or people above its line
      const shown = href.endsWith('/list')
        ? (answer.text.match(/<tr><th scope="row"/g) ?? []).length
        : Number(/明细：[^<]* (\d+)<\/h2>/.exec(answer.text)?.[1]);
      if (/^\d+$/.test(said)) expect([href, shown]).toEqual([href, Number(said)]);
      else expect([href, shown]).toEqual([href, said === '0.0%' || said === '—' ? 0 : 1]);
    }
    const together = await visitor.get('/reports/campaigns/rows/waves?metric=customersAttempted');
    expect(together.text.replaceAll('&#x3D;', '=')).toContain('/exports/files/funnel-rows?campaign=rows&amp;waves=1&amp;metric=customersAttempted');
    expect(await linesOf(visitor, '/exports/files/funnel-rows?campaign=rows&waves=1&metric=attempts')).toHaveLength(4);
    expect((await (await logIn(test, 'planner-w')).get('/reports/campaigns/rows/waves')).status).toBe(404);
    await must(
      (await centre.house('admin')).post('/users', { username: 'client-e', role: 'client', orgUnit: 'east', name: '甲方', password: PASSWORD }),
      201,
    );
    const client = await logIn(test, 'client-e');
    expect((await client.get('/campaigns/rows/waves')).text).not.toMatch(/<td class="r"><a/);
    expect((await client.get('/reports/campaigns/rows/waves')).status).toBe(403);
  });

  it('R38 a wave that takes nobody is made only by who says so', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('nobody', { kind: 'care' });
    const visitor = await logIn(test, 'planner-e');
    await visitor.get('/campaigns/nobody/waves');
    const asked = await visitor.post('/campaigns/nobody/waves', { take: 'interested', mostTogether: '6' });
    expect([asked.status, asked.text.includes('现在一个人也没有'), asked.text.includes('name="sure"')]).toEqual([422, true, true]);
    const made = await visitor.post('/campaigns/nobody/waves', { take: 'interested', mostTogether: '6', sure: 'yes' });
    expect(made.status).toBe(303);
    const page = (await visitor.get(`${made.headers.location ?? ''}`.replace('details', 'audience'))).text;
    expect(page).toContain('名单上一个人也没有了');
    expect(page).not.toContain('天内打不完');
  });

  it('the page says how many there are, makes the draft and shows it in the wizard; refusals say the way out', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('page', { kind: 'care', attemptPolicy: { maxAttempts: 1 } });
    await centre.call('m01', { outcome: 'no_answer' });
    const visitor = await logIn(test, 'planner-e');
    expect((await visitor.get('/campaigns/page/waves')).text).toMatch(/没有接通或没有说上话 <span class="sc-muted">1人/);
    expect((await visitor.post('/campaigns/page/waves', { mostTogether: '6' })).text).toContain('请至少选一类客户');
    const made = await visitor.post('/campaigns/page/waves', { take: 'not_reached', mostTogether: '4' });
    const address = made.headers.location ?? '';
    expect(address).toMatch(/\/edit\/details$/);
    const code = address.split('/')[2] ?? '';
    const audience = await visitor.get(`/campaigns/${code}/edit/audience`);
    expect(audience.text).toContain('第2轮');
    const save = (form: Record<string, string>) => visitor.post(`/campaigns/${code}/edit/audience`, { holdoutPercent: '0', then: 'next', ...form });
    expect((await save({})).text).toContain('请至少选一类客户');
    expect((await save({ take: 'interested', mostTogether: '5' })).headers.location).toBe(`/campaigns/${code}/edit/script`);
    expect(await preview(code)).toMatchObject({ excluded: { wave_not_taken: 1, wave_open: 1 } });
    // one draft at a time, standing campaigns have none, nobody changes the wave of a running one
    expect(await refusal((await planner()).post('/campaigns/page/waves', { take: ['interested'] }))).toBe('409 wave_not_launched');
    expect(await refusal((await centre.house('admin')).post('/campaigns/daily-care/waves', { take: ['interested'] }))).toBe(
      '409 campaign_standing_wave',
    );
    expect(await refusal((await planner()).post('/campaigns/page/waves', { take: ['decided'] }))).toMatch(/^422/);
    expect(await refusal((await centre.house('supervisor-e')).post('/campaigns/page/waves', { take: ['interested'] }))).toMatch(/^403/);
    // the copy of a wave is a campaign of its own, with the audience of the first wave
    const copy = (await must((await planner()).post(`/campaigns/${code}/copy`), 201)) as { code: string; waveOf: string | null };
    expect(copy.waveOf).toBeNull();
    expect(await preview(copy.code)).toMatchObject({ included: 2 });
  });

  it('one statement for all says what the rule says of each', async () => {
    const all = ['not_dialled', 'not_reached', 'undecided', 'interested', 'reached', 'decided'] as const;
    const outcome = {
      not_dialled: null,
      not_reached: 'no_answer',
      undecided: 'wrong_person',
      interested: 'interested',
      reached: 'reached',
      decided: 'refused',
    };
    const cases = all.flatMap((first) => [null, ...all].flatMap((second) => [false, true].map((pending) => ({ first, second, pending }))));
    const customers = await centre.customers(
      'm01',
      cases.map(() => 5),
    );
    await centre.draft('one');
    await centre.draft('two');
    await test.db.run(
      sql`update campaigns.campaign set wave_of = (select id from campaigns.campaign where code = 'one'), wave = 2 where code = 'two'`,
    );
    const rows = cases.flatMap(({ first, second, pending }, i) => {
      const row = (wave: string, result: EarlierResult) => ({
        wave,
        customer: customers[i],
        outcome: outcome[result],
        attempts: result === 'not_dialled' ? 0 : 2 + (Math.floor(i / 2) % 2),
      });
      const state = (last: boolean): string => (last && pending ? 'open' : 'not_reached');
      return [{ ...row('one', first), state: state(second === null) }, ...(second ? [{ ...row('two', second), state: state(true) }] : [])];
    });
    await test.db.run(sql`
      insert into calls.task (campaign_id, customer_id, line_id, state, due_on, attempts, last_outcome, created_at)
      select c.id, r.customer, l.id, r.state, '2026-11-24', r.attempts, r.outcome, '2026-11-24T10:00+08:00'
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(wave text, customer bigint, state text, attempts smallint, outcome text)
      join campaigns.campaign c on c.code = r.wave join customers.line l on l.customer_id = r.customer`);
    const { id } = await test.db.one<{ id: string }>(sql`select id from campaigns.campaign where code = 'one'`);
    const rule = { take: ['not_reached', 'interested', 'undecided'], mostTogether: 5 };
    const found = await test.db.rows<{ customer: string; reason: string | null }>(
      sql`select r.customer_id as customer, r.reason from (${waveReasonsSql({ waveOf: id, wave: 3, waveTake: rule.take, mostTogether: rule.mostTogether })}) r`,
    );
    const reasons = new Map(found.map((row) => [row.customer, row.reason]));
    for (const [i, { first, second, pending }] of cases.entries()) {
      const dials = (result: EarlierResult): number => (result === 'not_dialled' ? 0 : 2 + (Math.floor(i / 2) % 2));
      const earlier = [
        { wave: 1, result: first, attempts: dials(first), pending: pending && !second },
        ...(second ? [{ wave: 2, result: second, attempts: dials(second), pending }] : []),
      ];
      expect([first, second, pending, reasons.get(customers[i] ?? '')]).toEqual([first, second, pending, waveReason(earlier, rule)]);
    }
    expect(new Set(reasons.values())).toEqual(new Set([null, 'wave_open', 'wave_decided', 'wave_not_taken', 'wave_attempts']));
  });
});

describe('CAM-2 an audience is what is included minus what is left out', () => {
  it('by segments and by a filter, each counted by its reason; the page and the API say the same', async () => {
    const ids = await centre.customers('m01', [7, 6, 5, 4]);
    const client = await planner();
    await must(client.post('/segments', { code: 'staff', name: '员工' }), 201);
    await test.db.run(sql`
      insert into segments.member (segment_id, line_id, customer_id, attributes, added_at)
      select s.id, l.id, l.customer_id, '{}', ${test.clock.now()} from segments.segment s, customers.line l where s.code = 'staff' and l.customer_id = any(${ids.slice(0, 2)}::bigint[])`);
    const form = { code: 'minus', name: '减', kind: 'care', startsOn: '2026-11-01', filter: { starLevel: [4, 5, 6, 7] } };
    const exclude = { segments: ['staff'], filter: { starLevel: [6, 5] } };
    expect(await must(client.post('/campaigns', { ...form, exclude }), 201)).toMatchObject({ exclude });
    expect(await preview('minus')).toEqual({ matched: 4, included: 1, excluded: { excluded_segment: 2, excluded_filter: 1 } });
    const visitor = await logIn(test, 'planner-e');
    const page = await visitor.get('/campaigns/minus/edit/audience');
    expect(page.text).toMatch(/name="exclude" value="staff" checked>.*?员工/);
    expect(page.text).toContain('在排除的客群里');
    expect(page.text).toContain('符合排除条件');
    expect(page.text).toMatch(/name="xStarLevel" value="6" checked/);
    await visitor.post('/campaigns/minus/edit/audience', { starLevel: '7', holdoutPercent: '0', then: 'stay' });
    expect(await preview('minus')).toEqual({ matched: 1, included: 1, excluded: {} });
    expect(await refusal(client.post('/campaigns', { ...form, code: 'x', exclude: { segments: ['nothing'] } }))).toBe('422 segment_unknown segment');
    expect(await refusal(client.post('/campaigns', { ...form, code: 'x', exclude: { filter: { height: 1 } } }))).toMatch(/^422 filter_/);
    await launch('minus');
    expect(await stars('minus')).toEqual([7]);
    await must(client.post('/campaigns/minus/close'), 200);
  });

  it('CAM-2 the wizard leaves out who meets all the conditions ticked there, and shows and takes away what a program wrote', async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    const client = await planner();
    const form = { code: 'without', name: '减', kind: 'care', startsOn: '2026-11-01', filter: { starLevel: [4, 5, 6, 7] } };
    const tree = { field: 'starLevel', op: 'in', value: [7] };
    await must(client.post('/campaigns', { ...form, exclude: { filter: tree } }), 201);
    const visitor = await logIn(test, 'planner-e');
    const url = '/campaigns/without/edit/audience';
    const all = { starLevel: ['4', '5', '6', '7'], holdoutPercent: '0', then: 'stay' };
    const saved = async (more: object) => {
      expect((await visitor.post(url, { ...all, ...more })).status).toBe(303);
      const { exclude } = (await must(client.get('/campaigns/without'), 200)) as { exclude: { filter: object | null } };
      return exclude.filter;
    };
    expect((await visitor.get(url)).text).toContain('接口写的排除条件');
    // kept while nothing is ticked, gone by its own box, replaced by what is ticked
    expect(await saved({})).toEqual(tree);
    expect(await saved({ xDrop: 'yes' })).toBeNull();
    expect(await saved({ xStarLevel: ['5', '6'], xCity: '东城' })).toEqual({ starLevel: [6, 5], city: ['东城'] });
    expect(await preview('without')).toEqual({ matched: 4, included: 2, excluded: { excluded_filter: 2 } });
    const counted = await visitor.post(`${url}/preview`, { ...all, xStarLevel: '4' });
    expect(counted.text).toMatch(/符合排除条件[^]*?<td class="r">1<\/td>/);
    expect((await visitor.get('/campaigns/without/edit/launch')).text).toMatch(/排除<\/dt><dd>[^]*?东城/);
    const reversed = await visitor.post(url, { ...all, xMinArpu: '90', xMaxArpu: '10' });
    expect([reversed.status, reversed.text.includes('上限比下限小'), reversed.text.includes('name="xMinArpu" value="90"')]).toEqual([
      422,
      true,
      true,
    ]);
    expect(await saved({ xMinArpu: '10', xMaxArpu: '90' })).toEqual({ minArpuFen: 1000, maxArpuFen: 9000 });
    expect(await saved({})).toBeNull();
  });
});
