import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { CallCentre, must, refusal } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;

interface Row {
  code: string;
}

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

const kept = (code: string): Promise<Record<string, unknown>> => test.db.one(sql`select * from calls.outcome where code = ${code}`);

describe('CAM-6 the API of outcomes', () => {
  it('does what the page does', async () => {
    const api = await centre.house('admin');
    const form = {
      code: 'by_api',
      labelZh: '接口加的',
      labelEn: 'By API',
      key: 'y',
      connected: true,
      effective: true,
      redial: 'later',
      coolingOffDays: null,
    };
    const made = (await must(api.post('/outcomes', form), 201)) as Row;
    expect(made).toMatchObject({ code: 'by_api', key: 'Y', version: 1, coolingOffDays: null, tone: 'grey', retiredAt: null });
    expect(await refusal(api.post('/outcomes', form))).toBe('409 outcome_code_taken code');
    expect(await must(api.patch('/outcomes/by_api', { version: 1, labelZh: '接口改的', coolingOffDays: 3 }), 200)).toMatchObject({
      labelZh: '接口改的',
      coolingOffDays: 3,
      version: 2,
    });
    expect(await refusal(api.patch('/outcomes/by_api', { version: 1, labelZh: 'x' }))).toBe('409 outcome_stale');
    expect(await refusal(api.patch('/outcomes/by_api', { version: 2, converted: true }))).toMatch(/^4\d\d .*converted$/);
    expect(await must(api.post('/outcomes/by_api/move', { direction: 'up' }), 200)).toMatchObject({ code: 'by_api' });
    expect(await must(api.post('/outcomes/by_api/retire'), 200)).toMatchObject({ retiredAt: expect.any(String) });
    expect(await must(api.post('/outcomes/by_api/restore'), 200)).toMatchObject({ retiredAt: null });
    await must(api.post('/outcomes/by_api/retire'), 200);
    expect(await refusal(api.post('/outcomes/busy/retire'))).toBe('409 outcome_needed');
    expect(await refusal(api.post('/outcomes/nothing/retire'))).toBe('404 not_found');
    const reason = { code: 'api_reason', labelZh: '接口原因', labelEn: 'API reason' };
    expect(await must(api.post('/outcome-reasons', reason), 201)).toMatchObject({ ...reason, version: 1 });
    expect(await must(api.patch('/outcome-reasons/api_reason', { version: 1, labelEn: 'Renamed' }), 200)).toMatchObject({ labelEn: 'Renamed' });
    expect(await must(api.post('/outcome-reasons/api_reason/retire'), 200)).toMatchObject({ retiredAt: expect.any(String) });
  });

  it('takes null only where it says something, and names the field elsewhere', async () => {
    const api = await centre.house('admin');
    const before = await kept('already_has');
    const { version } = before;
    for (const field of ['labelZh', 'labelEn', 'key', 'redial', 'opensTicket', 'needsReason', 'tone', 'version'])
      expect(await refusal(api.patch('/outcomes/already_has', { version, [field]: null }))).toMatch(new RegExp(`^422 .*${field}$`));
    const form = { code: 'no_null', labelZh: '没有空值', labelEn: 'No null', key: 'v', redial: 'later' };
    const flags = ['connected', 'effective', 'visit', 'converted', 'closesTask', 'opensTicket', 'blocksCalls', 'needsReason'];
    for (const field of [...Object.keys(form), ...flags, 'tone'])
      expect(await refusal(api.post('/outcomes', { ...form, [field]: null }))).toMatch(new RegExp(`^422 .*${field}$`));
    for (const field of ['labelZh', 'labelEn'])
      expect(await refusal(api.patch('/outcome-reasons/tariff', { version: 1, [field]: null }))).toMatch(new RegExp(`^422 .*${field}$`));
    expect(await kept('already_has')).toEqual(before);
    expect(await must(api.post('/outcomes', { ...form, coolingOffDays: null, lineHealth: null }), 201)).toMatchObject({ coolingOffDays: null });
    expect(await must(api.patch('/outcomes/no_null', { version: 1, coolingOffDays: 4 }), 200)).toMatchObject({ coolingOffDays: 4 });
    expect(await must(api.patch('/outcomes/no_null', { version: 2, coolingOffDays: null }), 200)).toMatchObject({ coolingOffDays: null });
    await must(api.post('/outcomes/no_null/retire'), 200);
  });
});
