import { createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
  await createHouse(test);
});
afterAll(() => test.close());

const numbers = (text: string, pattern: RegExp): number[] => [...text.matchAll(pattern)].map(([, found = '']) => Number(found.replaceAll(',', '')));

describe('SYS-6 the grand total of a rota', () => {
  it.each(['', '&team=east-1'])('opens at the people of the month, who add up to it%s', async (team) => {
    const page = await logIn(test, 'supervisor-e');
    const rota = (await page.get(`/rota?month=2026-11${team}`)).text;
    const [total = 0] = numbers(rota, new RegExp(`href="/rota/month\\?month=2026-11${team.replace('&', '&amp;')}">([\\d,]+)<`, 'g'));
    const whole = (await page.get(`/rota/month?month=2026-11${team}`)).text;
    const each = numbers(whole, /<td class="r">\d+<\/td><td class="r">([\d,]+)<\/td><\/tr>/g);
    expect(total).toBeGreaterThan(0);
    expect([each.length, each.reduce((sum, calls) => sum + calls, 0)]).toEqual([2, total]);
    expect(numbers(whole, /可拨打合计<\/th><td class="r">([\d,]+)</g)).toEqual([total]);
  });

  it('SYS-1 is of the own unit alone', async () => {
    const page = await logIn(test, 'planner-w');
    expect((await page.get('/rota/month?month=2026-11&team=east-1')).status).toBe(404);
    expect((await page.get('/rota/month?month=2026-11')).text).not.toContain('林晓雯');
  });
});
