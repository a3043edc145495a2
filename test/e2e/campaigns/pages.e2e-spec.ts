import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { addPeople, addSegment, type Bench, campaignForm, createBench } from './campaign-bench.js';

let bench: Bench;
let planner: PageVisitor;

beforeAll(async () => {
  bench = await createBench();
  await addPeople(bench, [{ name: '<img src=x onerror=alert(1)>', star: 7, numbers: ['13800000001'] }]);
  await addSegment(bench, 'all');
  planner = await logIn(bench.test, 'planner-e');
});
afterAll(() => bench.test.close());

const draft = async (code: string, more: object = {}): Promise<string> => {
  expect((await bench.planner.post('/campaigns', campaignForm(code, { segment: 'all', ...more }))).status).toBe(201);
  return `/campaigns/${code}`;
};
let impossible = 0;
const versionOf = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
const details = { name: '融合宽带', kind: 'marketing', startsOn: '2026-11-01', endsOn: '2026-12-31' };

describe('CAM-1 the pages refuse', () => {
  it.each(['m01'])('%s, who has no business here', async (who) => {
    const visitor = await logIn(bench.test, who);
    expect((await visitor.get('/campaigns')).status).toBe(403);
    expect((await visitor.get('/campaigns/new')).status).toBe(403);
  });

  it('a supervisor at the wizard, though she reads the campaign', async () => {
    const url = await draft('supervised');
    const visitor = await logIn(bench.test, 'supervisor-e');
    expect((await visitor.get(url)).status).toBe(200);
    expect((await visitor.get(`${url}/edit/details`)).status).toBe(403);
    expect((await visitor.get(`${url}/close`)).status).toBe(403);
  });

  it('a planner of another unit', async () => {
    const url = await draft('eastern');
    const west = await logIn(bench.test, 'planner-w');
    for (const path of ['', '/list', '/script', '/history', '/edit/audience', '/close']) expect((await west.get(url + path)).status).toBe(404);
  });

  it('an end before the start: the form comes back with what was typed and the sentence at the field', async () => {
    await planner.get('/campaigns/new');
    const answer = await planner.post('/campaigns', { ...details, endsOn: '2026-10-01', code: 'too-early' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="融合宽带"');
    expect(answer.text).toMatch(/id="endsOn-error"[^>]*>.*结束日期早于开始日期/s);
    expect(answer.text).toMatch(/name="endsOn"[^>]*aria-invalid="true"/);
  });

  const steps: [step: string, typed: Record<string, string>, shown: string][] = [
    ['details', { ...details, name: '后存的' }, 'value="后存的"'],
    ['audience', { segment: '', starLevel: '6', holdoutPercent: '7' }, 'name="holdoutPercent" value="7"'],
    [
      'script',
      { opening: '后写的开场', branch0_title: '后写的', branch0_text: '一大段', objection0_title: '嫌贵', objection0_text: '可以分期' },
      '嫌贵',
    ],
    ['policy', { maxAttempts: '4', minGapMinutes: '61', assignment: 'load' }, 'value="61"'],
  ];
  it.each([
    ['details', { ...details, callerNumber: 'abc' }, 'callerNumber', '应为电话号码'],
    ['details', { ...details, productFamily: '宽带 产品!!' }, 'productFamily', '不要空格'],
    ['policy', { firstDialHours: '72', completionHours: '24' }, 'firstDialHours', '不能比办结时限（24小时）还长'],
    ['policy', { morningFrom: '03:00', morningTo: '11:00' }, 'morningFrom', '只能在08:00–21:00之内'],
    ['policy', { morningFrom: '09:00', morningTo: '11:00', afternoonFrom: '14:00', afternoonTo: '23:00' }, 'afternoonTo', '只能在08:00–21:00之内'],
  ])('CAM-1 GOV-4 what cannot be, at its field: %s %j', async (step, typed, field, sentence) => {
    const url = `${await draft(`impossible-${(impossible += 1)}`)}/edit/${step}`;
    await planner.get(url);
    const answer = await planner.post(url, typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(new RegExp(`id="${field}-error"[^>]*>.*${sentence.replace(/[（）]/g, '.')}`, 's'));
  });

  it('CAM-1 the same of a program', async () => {
    const refused = async (more: object): Promise<string> =>
      ((await bench.planner.post('/campaigns', campaignForm('by-program-2', more))).body as { error: { param: string } }).error.param;
    expect(await refused({ callerNumber: 'abc' })).toBe('callerNumber');
    expect(await refused({ productFamily: 'a b' })).toBe('productFamily');
    expect(await refused({ attemptPolicy: { firstDialHours: 72, completionHours: 24 } })).toBe('attemptPolicy.firstDialHours');
  });

  it.each(steps)('the form of %s that was opened before somebody else saved, once, and lose nothing of it (R30)', async (step, typed, shown) => {
    const at = await draft(`two-people-${step}`);
    const url = `${at}/edit/${step}`;
    const version = versionOf((await planner.get(url)).text);
    expect((await planner.post(`${at}/edit/details`, { ...details, name: '先存的', version })).status).toBe(303);
    const answer = await planner.post(url, { ...typed, version });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain(shown);
    if (step === 'script') for (const text of Object.values(typed)) expect(answer.text).toContain(text);
    expect((await bench.planner.get(at)).body).toMatchObject({ name: '先存的' });
    // whoever has read that somebody else saved may save what is shown again
    expect((await planner.post(url, { ...typed, version: versionOf(answer.text) })).status).toBe(303);
  });

  it('a script that is too long, and keep every word of it', async () => {
    const url = `${await draft('talks-long')}/edit/script`;
    const version = versionOf((await planner.get(url)).text);
    const long = '话'.repeat(5_001);
    const answer = await planner.post(url, { opening: '说过的', branch0_title: '本人', branch0_stars: ['7'], branch0_text: long, version });
    expect(answer.status).toBe(422);
    for (const text of ['说过的', '本人', long]) expect(answer.text).toContain(text);
  });

  it('CAM-1 half a row of the script, at its box, instead of losing it', async () => {
    const url = `${await draft('half-rows')}/edit/script`;
    const version = versionOf((await planner.get(url)).text);
    const rows = {
      branch0_title: '',
      branch0_text: '',
      branch1_title: '老客户',
      branch1_text: ' ',
      objection0_title: '',
      objection0_text: '可以分期',
    };
    const answer = await planner.post(url, { opening: '您好', ...rows, version });
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(/id="branch0_text-error"[^>]*>.*“老客户”还没有写话术/s);
    expect(answer.text).toContain('id="objection0_title-error"');
    expect(answer.text).toMatch(/name="branch0_text"[^>]*aria-invalid="true"/);
    // what is typed is heard all the same
    expect((await planner.post(`${url}/preview`, { opening: '您好', ...rows })).status).toBe(201);
  });

  it('CAM-1 a field that there is not, at the step and at the launch, and never as a value that somebody lacks', async () => {
    const url = await draft('no-such', { kind: 'care', script: { opening: '您好{{nosuch}}，到期{{到期月}}。' } });
    const page = (await planner.get(`${url}/edit/script`)).text;
    expect(page).toContain('没有叫 nosuch 的字段');
    expect(page).not.toContain('<code>nosuch</code>');
    const typed = { opening: '您好', branch0_title: '本人', branch0_text: '{{nosuch|您}}', version: versionOf(page) };
    const refused = await planner.post(`${url}/edit/script`, typed);
    expect([refused.status, /id="branch0_text-error"[^>]*>.*没有叫 nosuch 的字段/s.test(refused.text)]).toEqual([422, true]);
    const launch = (await planner.get(`${url}/edit/launch`)).text;
    expect(launch).toContain('没有叫 nosuch 的字段');
    expect(launch).not.toContain('name="expected"');
    expect((await planner.post(`${url}/edit/launch`, { expected: '1' })).status).toBe(422);
  });

  it('a launch of another number of people than was shown', async () => {
    const url = `${await draft('other-number', { kind: 'care' })}/edit/launch`;
    await planner.get(url);
    const answer = await planner.post(url, { expected: '7' });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('现在是1人');
    const { state, rows } = await bench.test.db.one<{ state: string; rows: number }>(sql`
      select c.state, (select count(*)::int from campaigns.audience a where a.campaign_id = c.id) as rows from campaigns.campaign c where c.code = 'other-number'`);
    expect([state, rows]).toEqual(['draft', 0]);
  });

  it('to offer a launch where nobody would be called, and say what to do instead', async () => {
    const nobody = async (code: string, more: object): Promise<string> => (await planner.get(`${await draft(code, more)}/edit/launch`)).text;
    const unmatched = await nobody('unmatched', { segment: 'all', filter: { starLevel: [1] } });
    expect(unmatched).toContain('没有客户符合名单和条件：换一份名单，或放宽条件');
    expect(unmatched).toContain('href="/campaigns/unmatched/edit/audience"');
    expect(unmatched).not.toMatch(/打给这0人|给这0人打电话/);
    expect(unmatched).not.toContain('name="expected"');
    const withoutList = await nobody('without-list', { segment: undefined });
    expect(withoutList).toContain('启动，等派单');
    expect(withoutList).not.toContain('打给这0人');
  });

  it('a list of more than 10,000 whose number was not typed', async () => {
    const url = `${await draft('many')}/edit/launch`;
    await planner.get(url);
    const answer = await planner.post(url, { expected: '10001', confirm: '100' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('输入的数字不对');
  });

  it('another audience after the launch, but not another script', async () => {
    const url = await draft('frozen', { kind: 'care' });
    await bench.planner.post('/campaigns/frozen/launch');
    const audience = await planner.get(`${url}/edit/audience`);
    expect(audience.text).toContain('活动已启动');
    await planner.post(`${url}/edit/audience`, { segment: '', holdoutPercent: '50', version: versionOf(audience.text) });
    const script = await planner.get(`${url}/edit/script`);
    expect((await planner.post(`${url}/edit/script`, { opening: '新的开场', version: versionOf(script.text), then: 'later' })).status).toBe(303);
    const campaign = (await bench.planner.get('/campaigns/frozen')).body as { segment: string; holdoutPercent: number; script: { opening: string } };
    expect(campaign).toMatchObject({ segment: 'all', holdoutPercent: 0, script: { opening: '新的开场' } });
  });
});

describe('CAM-1 the wizard without scripts', () => {
  it('makes, fills in and launches a campaign by forms and links alone; going back keeps everything (R30)', async () => {
    await planner.get('/campaigns/new');
    const made = await planner.post('/campaigns', { ...details, code: 'by-hand', kind: 'care' });
    expect([made.status, made.headers.location]).toEqual([303, '/campaigns/by-hand/edit/audience']);

    const step = async (name: string, fields: Record<string, string>): Promise<string> => {
      const url = `/campaigns/by-hand/edit/${name}`;
      const page = await planner.get(url);
      expect(page.status).toBe(200);
      const answer = await planner.post(url, { version: versionOf(page.text), ...fields });
      expect([answer.status, name]).toEqual([303, name]);
      return String(answer.headers.location);
    };
    expect(await step('audience', { segment: 'all', starLevel: '7', holdoutPercent: '0', then: 'stay' })).toBe('/campaigns/by-hand/edit/audience');
    const counted = (await planner.get('/campaigns/by-hand/edit/audience')).text;
    expect(counted).toMatch(/sc-bigsum"><b>1</);
    expect(counted).toMatch(/value="7" checked/);
    expect(await step('script', { opening: '您好{{name}}', branch0_title: '本人', branch0_text: '谢谢', then: 'back' })).toBe(
      '/campaigns/by-hand/edit/audience',
    );
    expect(
      await step('policy', { maxAttempts: '5', minGapMinutes: '60', firstDialHours: '24', assignment: 'load', bandLower: '34', bandUpper: '46' }),
    ).toBe('/campaigns/by-hand/edit/sms');
    expect(await step('sms', { when: 'none' })).toBe('/campaigns/by-hand/edit/launch');
    const launch = await planner.get('/campaigns/by-hand/edit/launch');
    expect(launch.text).toContain('给这1人打电话？');
    expect((await planner.post('/campaigns/by-hand/edit/launch', { expected: '1' })).headers.location).toBe('/campaigns/by-hand');
    expect((await planner.get('/campaigns/by-hand')).text).toContain('进行中');

    expect((await bench.planner.get('/campaigns/by-hand')).body).toMatchObject({
      state: 'running',
      filter: { starLevel: [7] },
      attemptPolicy: { maxAttempts: 5, minGapMinutes: 60 },
      assignment: 'load',
      band: { lower: 0.34, upper: 0.46, minAttempts: 200 },
      script: { opening: '您好{{name}}', branches: [{ title: '本人', text: '谢谢' }] },
    });
  });

  it('CAM-1 gives the next free code where somebody took the proposed one meanwhile, says so, and refuses one that was typed', async () => {
    const proposed = / name="proposed" value="(C\d{4}-\d+)"/.exec((await planner.get('/campaigns/new')).text)?.[1] ?? '';
    const made = async (more: object = {}): Promise<[number, string | undefined]> => {
      const { status, headers } = await planner.post('/campaigns', { ...details, code: proposed, proposed, ...more });
      return [status, headers.location];
    };
    expect(await made()).toEqual([303, `/campaigns/${proposed}/edit/audience`]);
    const next = proposed.replace(/\d+$/, (last) => String(Number(last) + 1).padStart(2, '0'));
    expect(await made()).toEqual([303, `/campaigns/${next}/edit/audience`]);
    expect((await planner.get(`/campaigns/${next}/edit/audience`)).text).toContain(`编码${proposed}刚被别人用了，活动的编码换成了${next}`);
    expect(await made({ proposed: '' })).toEqual([409, undefined]);
  });

  it('CAM-1 gives each a code of its own where several make one at the same moment, by the form and as copies', async () => {
    const proposed = / name="proposed" value="(C\d{4}-\d+)"/.exec((await planner.get('/campaigns/new')).text)?.[1] ?? '';
    const sent = Array.from({ length: 8 }, async (_, i) => {
      if (i % 2 === 0) return (await planner.post('/campaigns', { ...details, code: proposed, proposed })).headers.location;
      const copy = await bench.planner.post('/campaigns/by-hand/copy');
      return `/campaigns/${String((copy.body as { code?: string }).code)}/edit/audience`;
    });
    const first = Number(proposed.slice(6));
    const expected = sent.map((_, i) => `/campaigns/${proposed.slice(0, 6)}${String(first + i).padStart(2, '0')}/edit/audience`);
    expect((await Promise.all(sent)).sort()).toEqual(expected);
  });

  it('CAM-2 types the segment, and one by one those that are left out, however many there are', async () => {
    const url = `${await draft('typed', { kind: 'care' })}/edit/audience`;
    await bench.test.db.run(sql`
      insert into segments.segment (code, name, columns, org_unit_id, created_at, updated_at)
      select case n when 0 then 'old-one' else 'newer-' || n end, case n when 0 then '旧名单' else '新的' || n end, '{}', org_unit_id, created_at, updated_at
      from segments.segment, generate_series(0, 210) n where code = 'all' order by n`);
    const fields = { holdoutPercent: '0', then: 'stay' };
    const blank = (await planner.get(url)).text;
    expect(blank).toMatch(/ name="segment" value="all"/);
    expect(blank).not.toContain('old-one');
    const near = await planner.post(url, { ...fields, segment: '旧名', exclude: 'all', excludeMore: '没有的' });
    expect(near.status).toBe(422);
    expect(near.text).toMatch(/id="segment-error">[^]*?没有名称或编码是“旧名”的客群，相近的有旧名单 \(old-one\)/);
    expect(near.text).toMatch(/ name="segment" value="旧名"/);
    expect(near.text).toMatch(/ name="exclude" value="all" checked/);
    expect(near.text).toMatch(/ name="excludeMore" value="没有的"/);
    const none = await planner.post(url, { ...fields, segment: '旧名单', excludeMore: '没有的' });
    expect(none.text).toMatch(/id="excludeMore-error">[^]*?没有名称或编码是“没有的”的客群/);
    const look = await planner.post(`${url}/preview`, { ...fields, segment: '旧名' });
    expect(look.text).toMatch(/^<div id="result">[^]*没有名称或编码是“旧名”的客群/);
    expect((await planner.post(url, { ...fields, segment: '旧名单', excludeMore: 'newer-1' })).status).toBe(303);
    expect((await planner.post(url, { ...fields, segment: 'old-one', exclude: 'newer-1', excludeMore: '新的2' })).status).toBe(303);
    expect((await bench.planner.get('/campaigns/typed')).body).toMatchObject({ segment: 'old-one', exclude: { segments: ['newer-1', 'newer-2'] } });
    const told = (await planner.get(url)).text;
    expect(told).toMatch(/ name="exclude" value="newer-2" checked>.*?新的2/);
    expect((await planner.post(url, { ...fields, segment: '', exclude: 'newer-2', starLevel: '7' })).status).toBe(303);
    expect((await bench.planner.get('/campaigns/typed')).body).toMatchObject({ segment: null, exclude: { segments: ['newer-2'] } });
    const choices = await planner.agent.get('/segments/search/choices').query({ box: 'excludeMore', excludeMore: '旧名单' });
    expect(choices.text).toMatch(/^<option value="old-one">[^]*id="excludeMore-chosen"/);
    const odd = await planner.agent.get('/segments/search/choices').query({ box: '"><b', segment: '旧名单' });
    expect(odd.text).toContain('id="segment-chosen"');
  });

  it('R30 saves a step that is left by the row of steps, and opens the upload as a list', async () => {
    const url = await draft('row-of-steps');
    const page = (await planner.get(`${url}/edit/details`)).text;
    expect(page).toMatch(/<button type="submit" form="details" name="then" value="script"/);
    const answer = await planner.post(`${url}/edit/details`, { ...details, name: '换了名', version: versionOf(page), then: 'policy' });
    expect([answer.status, answer.headers.location]).toEqual([303, `${url}/edit/policy`]);
    expect((await bench.planner.get(url)).body).toMatchObject({ name: '换了名' });
    expect((await planner.get(`${url}/edit/audience`)).text).toContain('href="/imports?feed&#x3D;segment"'.replace('&#x3D;', '='));
  });

  it('removes one row of the script and keeps the others', async () => {
    const url = `${await draft('rows', {
      script: {
        branches: [
          { title: '甲', text: 'a' },
          { title: '乙', text: 'b' },
        ],
      },
    })}/edit/script`;
    const version = versionOf((await planner.get(url)).text);
    const rows = { branch0_title: '甲', branch0_text: 'a', branch1_title: '乙', branch1_text: 'b' };
    await planner.post(url, { ...rows, remove: 'branch0', version });
    const { script } = (await bench.planner.get('/campaigns/rows')).body as { script: { branches: { title: string }[] } };
    expect(script.branches.map((branch) => branch.title)).toEqual(['乙']);
  });

  it('asks before it closes, says how many tasks are called off, and keeps the reason', async () => {
    const url = await draft('asked', { kind: 'care' });
    await bench.planner.post('/campaigns/asked/launch');
    expect((await planner.get(`${url}/close`)).text).toContain('结束“活动 asked”？');
    expect((await planner.post(`${url}/close`, { reason: '目标完成' })).status).toBe(303);
    expect((await planner.get(url)).text).toContain('已结束');
    expect((await planner.get(`${url}/history`)).text).toContain('目标完成');
    expect((await planner.get(`${url}/close`)).text).toContain('这个活动的状态已经变了');
  });
});

describe('CAM-1 what the pages show', () => {
  it('writes a value as text, whatever it contains', async () => {
    const url = await draft('hostile', { script: { opening: '您好{{name}}，{{到期月}}前有效。' } });
    const html = (await planner.get(`${url}/script`)).text;
    expect(html).toContain('<span class="sc-mf">&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;</span>');
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('<span class="sc-mf">2026-12</span>');
  });

  it('shows under all as many as it counts there, the standing ones marked, and the states add up to it', async () => {
    const { text } = await planner.get('/campaigns');
    const counts = [...text.matchAll(/<a class="sc-pill"[^>]*>[^<]* <span class="sc-n">([\d,]+)</g)].map(([, count]) => Number(count));
    expect(counts[0]).toBe(counts.slice(1).reduce((sum, count) => sum + count, 0));
    expect((await planner.get('/campaigns?limit=200')).text.match(/<th scope="row">/g)).toHaveLength(counts[0] ?? 0);
    expect((await planner.get('/campaigns?limit=200')).text).toMatch(/daily-care<\/div><\/th>[^]*?ti-repeat[^<]*<\/i>常设/);
    const codes = (html: string): string[] => [...html.matchAll(/<div class="sc-tiny sc-muted">([^<]+)<\/div><\/th>/g)].map(([, code]) => code ?? '');
    const all = codes((await planner.get('/campaigns?limit=200')).text);
    const standing = codes((await planner.get('/campaigns?state=standing&limit=200')).text);
    expect(all.slice(-standing.length)).toEqual(standing); // below those that people work at
    const pages: string[] = [];
    for (let at = '/campaigns?limit=3', i = 0; at && i < 99; i += 1) {
      const page = (await planner.get(at)).text;
      pages.push(...codes(page));
      at = /href="([^"]*)" rel="next"/.exec(page)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    }
    expect(pages).toEqual(all);
  });

  it('lists campaigns by state, standing ones apart, and finds one by its name', async () => {
    await draft('findable', { name: '春季升档' });
    expect((await planner.get('/campaigns?q=春季')).text).toContain('findable');
    expect((await planner.get('/campaigns?state=closed')).text).not.toContain('findable');
    expect((await planner.get('/campaigns?state=running')).text).not.toContain('daily-care');
    expect((await planner.get('/campaigns?state=standing')).text).toContain('daily-care');
    expect((await planner.get('/campaigns?q=nothing-like-it')).text).toContain('没有符合的活动');
  });

  it('finds a standing campaign too, by name or kind, and counts it among all that were found', async () => {
    const { name } = await bench.test.db.one<{ name: string }>(sql`select name from campaigns.campaign where code = 'daily-care'`);
    const { text } = await planner.get(`/campaigns?q=${encodeURIComponent(name)}`);
    expect(text).toContain('daily-care');
    expect(text).toMatch(/aria-current="true">全部 <span class="sc-n">1</);
    expect((await planner.get('/campaigns?kind=care')).text).toContain('daily-care');
    expect((await planner.get(`/campaigns?state=draft&q=${encodeURIComponent(name)}`)).text).toContain('没有符合的活动');
  });

  it('SYS-1 counts of a campaign from above only the tasks of the reader’s unit, in the list as on its page', async () => {
    await addPeople(bench, [
      { name: '东边', numbers: ['13800000071'] },
      { name: '西边', numbers: ['13800000072'], manager: 'm11', unit: 'west-1' },
    ]);
    await addSegment(bench, 'both-sides', 'admin');
    const admin = await bench.house('admin');
    expect((await admin.post('/campaigns', campaignForm('both', { segment: 'both-sides', code: 'both', name: '全省一起' }))).status).toBe(201);
    expect((await admin.post('/campaigns/both/launch')).status).toBe(200);
    await drainJobs(bench.test.app);
    const listed = async (who: string): Promise<(string | undefined)[]> => {
      const visitor = await logIn(bench.test, who);
      const { text } = await visitor.get('/campaigns?text=全省一起');
      const shown = /全省一起[^]*?<td class="r">(?:<a [^>]*>)?([\d,]+)</.exec(text)?.[1];
      const { tasks } = (await (await bench.house(who)).get('/campaigns/both')).body as { tasks: { total: number } };
      return [shown, String(tasks.total)];
    };
    for (const who of ['admin', 'planner-e', 'planner-w']) {
      const [shown, total] = await listed(who);
      expect([who, shown]).toEqual([who, total]);
    }
    expect(await listed('planner-w')).toEqual(['1', '1']);
  });

  it('CAM-1 counts in the pills what the list with its other filters shows', async () => {
    await draft('pill-1', { name: '药丸甲', kind: 'care' });
    await draft('pill-2', { name: '药丸乙' });
    const pill = async (query: string): Promise<string | undefined> =>
      /<a class="sc-pill" href="[^"]*state(?:=|&#x3D;)draft[^"]*"[^>]*>[^<]*<span class="sc-n">(\d+)/.exec(
        (await planner.get(`/campaigns?${query}`)).text,
      )?.[1];
    expect(await pill('q=药丸')).toBe('2');
    expect(await pill('q=药丸&kind=care')).toBe('1');
  });

  it('R45 opens the figures of a launched audience to the people behind them, and rehearses with nobody who is left out', async () => {
    await addPeople(bench, [
      { name: '打得通', star: 6, numbers: ['13800000081'] },
      { name: '没人管', star: 6, manager: null, numbers: ['13800000080'] },
      { name: '也没人管', star: 4, manager: null, numbers: ['13800000082'] },
    ]);
    await addSegment(bench, 'some');
    const url = await draft('opened', { kind: 'care', segment: 'some', filter: { starLevel: [6, 4] }, script: { opening: '您好{{name}}' } });
    const rehearsed = (await planner.get(`${url}/edit/script`)).text;
    expect([rehearsed.includes('打得通'), rehearsed.includes('没人管')]).toEqual([true, false]);
    expect((await planner.get(`${url}/edit/audience`)).text).not.toContain('/list/out');
    await bench.planner.post('/campaigns/opened/launch');
    const list = unescaped((await planner.get(`${url}/list`)).text);
    expect(list).toMatch(/href="\/campaigns\/opened\/list\/out\?reason=no_manager">2</);
    const rows = (await planner.get(`${url}/list/out?reason=no_manager`)).text;
    expect([rows.includes('没人管'), rows.includes('打得通'), rows.includes('138 **** 0082'), rows.includes('13800000082')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(rows).toContain('2人');
    expect((await planner.get(`${url}/script`)).text).not.toContain('没人管');
    expect((await (await logIn(bench.test, 'planner-w')).get(`${url}/list/out`)).status).toBe(404);
  });

  it('CAM-1 says before the launch, and to whoever approves it, all that it sets going', async () => {
    const variants = [{ name: '直说', percent: 40, script: { opening: '直接说' } }];
    const more = { filter: { starLevel: [7], city: ['东城'] }, variants, callerNumber: '025-8400 1000', band: { lower: 0.3, upper: 0.5 } };
    const url = await draft('whole', { kind: 'care', script: { opening: '您好' }, ...more });
    await planner.get(`${url}/edit/policy`);
    await planner.post(`${url}/edit/policy`, { morningFrom: '09:00', morningTo: '11:30', bandLower: '30', bandUpper: '50' });
    const step = { when: 'after', hours: 0, outcomes: ['reached'], templates: [{ code: 'star-revisit-missed' }] };
    await bench.planner.post('/campaigns/whole/sms-step', step);
    for (const page of ['edit/launch', 'approval']) {
      const text = (await planner.get(`${url}/${page}`)).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
      for (const said of ['名单 all', '东城', 'A 原话术 60% · B 直说 40%', '30% – 50%', '09:00–11:30', '025-8400 1000'])
        expect([page, text]).toEqual([page, expect.stringContaining(said)]);
    }
  });

  it('CAM-1 tells in its history what was changed, not only what became of it', async () => {
    const url = await draft('told');
    await bench.planner.patch(url, { goal: '多办十户' });
    await planner.get(`${url}/edit/details`);
    await planner.post(`${url}/edit/details`, { ...details, goal: '多办二十户' });
    expect((await planner.get(`${url}/history`)).text).toMatch(/改了 (?:[^<]*、)?目标/);
  });

  it('CAM-2 keeps a filter that a program wrote when its step is saved without conditions', async () => {
    const filter = { not: { field: 'city', op: 'in', value: ['火星'] } };
    const url = await draft('by-program', { filter });
    expect((await planner.get(`${url}/edit/audience`)).text).toContain('接口写的筛选条件');
    await planner.post(`${url}/edit/audience`, { segment: 'all', holdoutPercent: '5' });
    const kept = await bench.test.db.one(sql`select filter, holdout_percent::int as share from campaigns.campaign where code = 'by-program'`);
    expect(kept).toEqual({ filter, share: 5 });
  });

  it('masks numbers in the list of a campaign (SYS-2)', async () => {
    const url = await draft('masked', { kind: 'care' });
    await bench.planner.post('/campaigns/masked/launch');
    await bench.test.db.run(sql`
      insert into calls.task (campaign_id, customer_id, line_id, due_on, created_at)
      select a.campaign_id, a.customer_id, a.line_id, '2026-11-24', ${bench.test.clock.now()}
      from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id where c.code = 'masked' on conflict do nothing`);
    const html = (await planner.get(`${url}/list`)).text;
    expect(html).toContain('138 **** 0001');
    expect(html).not.toContain('13800000001');
  });
});
