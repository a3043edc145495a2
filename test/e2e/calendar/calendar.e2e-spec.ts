import { CalendarQueries } from '../../../src/calendar/calendar.queries.js';
import { sql } from '../../../src/platform/database/sql.js';
import { YearsCommands } from '../../../src/calendar/years.commands.js';
import { createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

let test: TestApp;
let house: House;
let calendar: CalendarQueries;

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  calendar = test.app.get(CalendarQueries, { strict: false });
});
afterAll(() => test.close());

interface Year {
  year: number;
  published: boolean;
  days: { day: string; working: boolean; name: string | null }[];
}
interface Refused {
  error: { code: string; param: string; message: string };
}

describe('the work calendar', () => {
  it('only an administrator sets days', async () => {
    const answer = await (await house('planner-e')).put('/calendar/days?year=2026', { days: [{ day: '2026-12-24', working: false }] });
    expect(answer.status).toBe(403);
  });

  it.each([
    [{ days: [{ day: '2026-13-01', working: false }] }, 'days.0.day'],
    [{ days: [{ day: '2026-12-24', working: 'no' }] }, 'days.0.working'],
    [{ days: [1, 2].map(() => ({ day: '2026-12-24', working: false })) }, 'days'],
    [{ days: [{ day: '1999-12-24', working: false }] }, 'days'],
  ])('refuses %o', async (body, param) => {
    const answer = await (await house('admin')).put('/calendar/days?year=2026', body);
    expect(answer.status).toBe(422);
    expect((answer.body as Refused).error.param).toBe(param);
  });

  it('knows a year by the notice of the State Council, and marks the one whose notice is not out', async () => {
    const planner = await house('planner-e');
    const year = (await planner.get('/calendar/days?year=2026')).body as Year;
    expect(year).toMatchObject({ year: 2026, published: true });
    expect(year.days).toHaveLength(365);
    expect(year.days.find((day) => day.day === '2026-10-10')).toMatchObject({ working: true, name: '国庆节' });
    expect((await planner.get('/calendar/days?year=2027')).body).toMatchObject({ published: false });
    expect((await planner.get('/calendar/days')).body).toMatchObject({ year: 2026 });
  });

  it('answers by working days: next, between, none on a make-up Sunday', async () => {
    expect(await calendar.nextWorkingDay('2026-09-30')).toBe('2026-10-08');
    expect(await calendar.nextWorkingDay('2026-11-20', 5)).toBe('2026-11-27');
    expect(await calendar.workingDaysBetween('2026-09-19', '2026-09-21')).toEqual(['2026-09-20', '2026-09-21']);
    expect(await calendar.isWorkingDay('2026-09-20')).toBe(true);
    expect(await calendar.isWorkingDay('2026-10-05')).toBe(false);
  });

  it('a day set by hand wins, and setting it back ends the override; what GET gave may be put as it is', async () => {
    const admin = await house('admin');
    const before = (await admin.get('/calendar/days?year=2026')).body as Year;
    const set = await admin.put('/calendar/days?year=2026', { days: [{ day: '2026-11-25', working: false, name: '台风停工' }] });
    expect((set.body as Year).days.find((day) => day.day === '2026-11-25')).toMatchObject({ working: false, name: '台风停工' });
    expect(await calendar.nextWorkingDay('2026-11-24')).toBe('2026-11-26');
    const back = await admin.put('/calendar/days?year=2026', before);
    expect(back.body).toEqual(before);
    expect(await test.db.rows(sql`select day from calendar.override`)).toEqual([]);
    expect(await test.db.rows(sql`select actor from staff.audit_entry where action = 'calendar.days_set'`)).toHaveLength(2);
  });

  it('a day of another year than the one named is refused by its date, and nothing is set', async () => {
    const admin = await house('admin');
    const days = ['2026-12-31', '2027-01-01'].map((day) => ({ day, working: false, name: '停电' }));
    const answer = await admin.put('/calendar/days?year=2026', { days });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      error: { code: 'invalid_input', param: 'days', message: expect.stringContaining('2027-01-01不在2026年') as string },
    });
    expect(await test.db.rows(sql`select day from calendar.override where name = '停电'`)).toEqual([]);
  });

  it('the yearly notice can be entered and marks the year as published', async () => {
    const admin = await house('admin');
    const answer = await admin.put('/calendar/days?year=2027', { published: true, days: [{ day: '2027-02-14', working: true, name: '春节' }] });
    expect(answer.body).toMatchObject({ year: 2027, published: true });
    // the mark alone is a change, too: who made it stands in the audit log, once
    for (let twice = 0; twice < 2; twice++) await admin.put('/calendar/days?year=2029', { published: true, days: [] });
    expect(await test.db.rows(sql`select actor from staff.audit_entry where action = 'calendar.days_set' and detail ->> 'year' = '2029'`)).toEqual([
      { actor: 'admin' },
    ]);
    await test.app.get(YearsCommands, { strict: false }).ensureYears();
    expect((await calendar.dayInfo('2027-02-14')).working).toBe(true);
  });

  it('filling the years again changes nothing', async () => {
    const stamp = () => test.db.rows(sql`select day, xmin::text from calendar.day order by day`);
    const before = await stamp();
    await test.app.get(YearsCommands, { strict: false }).ensureYears();
    expect(await stamp()).toEqual(before);
  });
});
