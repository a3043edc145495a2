import { sql } from '../../../src/platform/database/sql.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { addSegment, addTemplate, blastMaker, figures, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let planner: PageVisitor;
const { crowd, createBlast } = blastMaker(() => office);

beforeAll(async () => {
  office = await openPostOffice();
  await addTemplate(office, 'note', '{{honorific}}您好', 'service');
  planner = await logIn(office.test, 'planner-e');
});
afterAll(() => office.test.close());

async function draft(code: string, people: number, more: object = {}): Promise<void> {
  await addSegment(office.test.db, code, await crowd(people));
  await createBlast(code, 'note', more);
}
const start = (code: string) => office.planner.post(`/sms/blasts/${code}/start`);
const panel = async (code: string): Promise<string> => (await planner.get(`/sms/blasts/${code}/figures`)).text;
const audit = (code: string): Promise<{ action: string }[]> =>
  office.test.db.rows(sql`select action, detail from staff.audit_entry where object_type = 'blast' and object_id = ${code} order by id desc limit 1`);

describe('SMS-6 the page of a blast that is under way', () => {
  it('says as of when its outcome was counted, and counts again now and then until it is through', async () => {
    await draft('moving', 3);
    await start('moving');
    const under = await panel('moving');
    expect(under).toContain('hx-trigger="every 20s"');
    expect(under).toContain('截至10:00');
    await office.drain();
    await office.pass(1);
    const over = await panel('moving');
    expect(over).not.toContain('hx-trigger');
    expect(over).toContain('截至10:01');
  });

  it('SMS-6 says one and the same of a cost nobody can know, before and after something was sent', async () => {
    await draft('unpriced', 1, { notBefore: '2026-11-24T12:00' });
    await start('unpriced');
    const before = await panel('unpriced');
    expect(before).toContain('网关还没有填单价');
    expect((await office.planner.get('/sms/blasts/unpriced/figures')).body).toMatchObject({ figures: { cost: null } });
    await office.planner.post('/sms/blasts/unpriced/cancel');
    const sent = await panel('moving');
    expect(sent).toContain('网关还没有填单价');
  });

  it('gives no reason where a message was delivered; what the network answered stands behind it', async () => {
    const { text } = await planner.get('/sms/blasts/moving/messages?state=delivered');
    expect(text).not.toContain('<code>DELIVRD');
    expect(text).toMatch(/<span title="DELIVRD[^"]*">—<\/span>/);
  });

  it('CAM-10 plan, question and recipients are one count when some are left alone by chance', async () => {
    await draft('alone', 61, { holdoutPercent: 10 });
    const { text } = await planner.get('/sms/blasts/alone/plan');
    const question = (await planner.get('/sms/blasts/alone/start')).text;
    const { counts } = (await start('alone')).body as { counts: { queued: number } };
    expect(text).toContain(`最多${counts.queued}人`);
    expect(question).toContain(`${counts.queued}人`);
    // the drawing is not the percentage: rounding would have said 55
    expect(counts.queued).not.toBe(55);
  });
});

describe('R15 the hours of a blast', () => {
  const form = (more: object) => ({ code: 'night', name: '夜里', template: 'note', segment: 'night', gateway: 'simulator', ...more });

  it('are said to be closed at the field when it is saved, not put down to its rate', async () => {
    office.test.clock.set('2026-11-24T10:00:00+08:00');
    await addSegment(office.test.db, 'night', await crowd(1));
    const closed = await planner.post('/sms/blasts', form({ notBefore: '2026-11-24T22:00', notAfter: '2026-11-24T23:00' }));
    expect(closed.status).toBe(422);
    expect(closed.text).toMatch(/id="notBefore"[^>]*aria-invalid="true"/);
    expect(closed.text).toContain(
      '2026-11-24 22:00 至 2026-11-24 23:00 不在短信时段，一条也发不出去；之后最早的时段是 2026-11-25 08:00 至 2026-11-25 21:00',
    );
    const past = await planner.post('/sms/blasts', form({ notAfter: '2026-11-24T09:59' }));
    expect(past.status).toBe(422);
    expect(past.text).toMatch(/id="notAfter"[^>]*aria-invalid="true"/);
    expect(past.text).toContain('最晚时间 2026-11-24 09:59 已过');
    expect((await planner.post('/sms/blasts', form({ notBefore: '2026-11-24T20:00', notAfter: '2026-11-24T23:00' }))).status).toBe(303);
  });

  it('are asked again at the start: what was open when it was saved may be over', async () => {
    office.test.clock.set('2026-11-24T21:30:00+08:00');
    const late = await start('night');
    expect(late.status).toBe(422);
    expect(late.body.error).toMatchObject({ code: 'blast_hours_closed', param: 'notAfter' });
    expect((await planner.get('/sms/blasts/night/plan')).text).toContain('到 11-24 23:00 为止都不在短信时段');
  });
});

describe('SMS-3 times and rate of a blast that has been started', () => {
  it('can be changed before its first message, paused or not, and it goes out by the new ones', async () => {
    office.test.clock.set('2026-11-24T10:00:00+08:00');
    await draft('later', 2, { notBefore: '2026-11-24T20:00', ratePerSecond: 1 });
    await start('later');
    await office.drain();
    const page = (await planner.get('/sms/blasts/later')).text;
    expect(page).toContain('已定时 11-24 20:00');
    expect(page).toContain('href="/sms/blasts/later/times"');
    expect((await planner.get('/sms/blasts')).text).toContain('已定时 11-24 20:00');
    expect((await planner.get('/sms/blasts/later/edit')).headers.location).toBe('/sms/blasts/later/times');
    await office.planner.post('/sms/blasts/later/pause');
    expect((await planner.get('/sms/blasts/later/times')).text).toContain('value="2026-11-24T20:00"');
    const reversed = await planner.post('/sms/blasts/later/times', {
      notBefore: '2026-11-24T20:00',
      notAfter: '2026-11-24T19:00',
      ratePerSecond: '',
    });
    expect(reversed.status).toBe(422);
    expect(reversed.text).toMatch(/id="notAfter"[^>]*aria-invalid="true"/);
    await office.planner.post('/sms/blasts/later/resume');
    const saved = await planner.post('/sms/blasts/later/times', { notBefore: '2026-11-24T11:00', notAfter: '', ratePerSecond: '' });
    expect(saved.status).toBe(303);
    expect(await audit('later')).toMatchObject([
      {
        action: 'blast.rescheduled',
        detail: { from: { notBefore: '2026-11-24 20:00', ratePerSecond: 1 }, to: { notBefore: '2026-11-24 11:00', ratePerSecond: null } },
      },
    ]);
    office.test.clock.set('2026-11-24T11:00:00+08:00');
    await office.drain();
    expect((await figures(office, 'later')).counts).toMatchObject({ queued: 0, submitted: 2 });
  });

  it('the first moment stays once something has been sent; rate and last moment do not', async () => {
    await draft('begun', 2, { ratePerSecond: 1 });
    await start('begun');
    await office.drain();
    await office.planner.post('/sms/blasts/begun/pause');
    expect((await planner.get('/sms/blasts/begun/times')).text).not.toContain('name="notBefore"');
    const first = await office.planner.patch('/sms/blasts/begun', { notBefore: '2026-11-24T15:00' });
    expect(first.status).toBe(409);
    expect(first.body.error).toMatchObject({ code: 'blast_begun', param: 'notBefore' });
    const changed = await office.planner.patch('/sms/blasts/begun', { notAfter: '2026-11-24T20:00', ratePerSecond: 100 });
    expect(changed.body).toMatchObject({ state: 'paused', notAfter: '2026-11-24T12:00:00.000Z', ratePerSecond: 100 });
    expect((await office.planner.patch('/sms/blasts/begun', { ratePerSecond: null, notAfter: null })).body).toMatchObject({ notAfter: null });
  });

  it('belong to the rule or the campaign where one sends it, and to nobody once it is over', async () => {
    await draft('ruled', 1, { notBefore: '2026-11-24T20:00' });
    await start('ruled');
    await office.test.db.run(sql`update messaging.blast set created_by = null where code = 'ruled'`);
    const moved = await office.planner.patch('/sms/blasts/ruled', { notBefore: '2026-11-25T10:00' });
    expect(moved.body.error).toMatchObject({ code: 'blast_moments_ruled', param: 'notBefore' });
    expect((await office.planner.patch('/sms/blasts/ruled', { ratePerSecond: 3 })).body).toMatchObject({ ratePerSecond: 3 });
    await office.planner.post('/sms/blasts/ruled/cancel');
    expect((await office.planner.patch('/sms/blasts/ruled', { ratePerSecond: 4 })).body.error).toMatchObject({ code: 'blast_state' });
    expect((await planner.get('/sms/blasts/ruled/times')).status).toBe(303);
    expect((await planner.get('/sms/blasts/ruled/edit')).text).toContain('只有草稿能修改');
    expect((await (await office.house('planner-w')).patch('/sms/blasts/ruled', { ratePerSecond: 4 })).status).toBe(404);
  });
});
