import fc from 'fast-check';
import { rotaOn } from '../../src/calendar/rota/rota.policy.js';
import { RotaQueries } from '../../src/calendar/rota/rota.queries.js';
import { CalendarQueries } from '../../src/calendar/calendar.queries.js';
import { addDays, type Day } from '../../src/kernel/day.js';
import { type Sql, sql } from '../../src/platform/database/sql.js';
import { createHouse } from '../support/house.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

/** National Day with its make-up days, and the turn to a year whose notice is not out. */
const STARTS: readonly Day[] = ['2026-09-14', '2026-12-21'];
const DAYS = 28;

const offset = fc.integer({ min: -4, max: DAYS + 3 });
const share = fc.constantFrom(0, 33, 50, 100);
const facts = fc.record({
  start: fc.constantFrom(...STARTS),
  capacity: fc.constantFrom(0, 1, 7, 60),
  patterns: fc.uniqueArray(fc.record({ from: offset, shares: fc.option(fc.array(share, { minLength: 7, maxLength: 7 }), { nil: null, freq: 3 }) }), {
    maxLength: 3,
    selector: ({ from }) => from,
  }),
  days: fc.uniqueArray(fc.record({ day: offset, share }), { maxLength: 4, selector: ({ day }) => day }),
  // also such as no command would let pass: the answer must be one all the same
  absences: fc.array(
    fc.record({
      from: offset,
      length: fc.integer({ min: 1, max: 12 }),
      part: fc.constantFrom('day' as const, 'morning' as const, 'afternoon' as const),
      loss: share,
      cancelled: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
});
type Blueprint = typeof facts extends fc.Arbitrary<infer T> ? T : never;

describe('CAR-1 the rota says the same of one person and of all', () => {
  let test: TestApp;
  let userId: string;

  beforeAll(async () => {
    test = await createTestApp();
    await createHouse(test);
    userId = (await test.db.one<{ id: string }>(sql`select id from staff.app_user where username = 'm01'`)).id;
  });
  afterAll(() => test.close());

  async function build({ start, capacity, patterns, days, absences }: Blueprint): Promise<void> {
    const at = (n: number): Day => addDays(start, n);
    const rows = (list: object[]): string => JSON.stringify(list);
    const statements: Sql[] = [
      sql`delete from calendar.rota_pattern`,
      sql`delete from calendar.rota_day`,
      sql`delete from calendar.absence`,
      sql`update staff.app_user set daily_capacity = ${capacity} where id = ${userId}`,
      sql`insert into calendar.rota_pattern (user_id, from_day, shares, set_by, set_at)
        select ${userId}::bigint, p.day, p.shares, ${userId}::bigint, '2026-01-01' from jsonb_to_recordset(${rows(
          patterns.map((one) => ({ day: at(one.from), shares: one.shares })),
        )}::jsonb) as p(day date, shares smallint[])`,
      sql`insert into calendar.rota_day (user_id, day, share, note, set_by, set_at)
        select ${userId}::bigint, p.day, p.share, '', ${userId}::bigint, '2026-01-01' from jsonb_to_recordset(${rows(
          days.map((one) => ({ day: at(one.day), share: one.share })),
        )}::jsonb) as p(day date, share smallint)`,
      sql`insert into calendar.absence (user_id, from_day, to_day, kind, part, loss_percent, cancelled_at, created_at)
        select ${userId}::bigint, p."from", p."to", 'leave', p.part, p.loss, case when p.cancelled then timestamptz '2026-01-01' end, '2026-01-01'
        from jsonb_to_recordset(${rows(
          absences.map((one) => ({ ...one, from: at(one.from), to: at(one.from + one.length - 1) })),
        )}::jsonb) as p("from" date, "to" date, part text, loss smallint, cancelled boolean)`,
    ];
    for (const statement of statements) await test.db.run(statement);
  }

  it('whatever weeks, single days and absences there are', async () => {
    const rota = test.app.get(RotaQueries, { strict: false });
    const calendar = test.app.get(CalendarQueries, { strict: false });
    await fc.assert(
      fc.asyncProperty(facts, async (blueprint) => {
        await build(blueprint);
        const [from, to] = [blueprint.start, addDays(blueprint.start, DAYS - 1)];
        const known = await rota.facts(userId, from, to);
        const bySql = (await rota.cells([userId], from, to)).get(userId) ?? [];
        const byHand = (await calendar.days(from, to)).map((day) => rotaOn(day, known));
        expect(bySql.map(({ day, rostered, share, calls, absenceId }) => ({ day, rostered, share, calls, absenceId }))).toEqual(byHand);
      }),
      { numRuns: 120 },
    );
  });
});
