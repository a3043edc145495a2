import { CareReferenceCommands } from '../src/care/care-reference.commands.js';
import { CareRulesCommands } from '../src/care/care-rules.commands.js';
import type { RuleCode } from '../src/care/care.types.js';
import { ForecastRunner } from '../src/care/forecast/forecast-runner.commands.js';
import { ForecastsCommands } from '../src/care/forecast/forecasts.commands.js';
import { PlanChunk } from '../src/care/planning/plan-chunk.commands.js';
import { CareRulesQueries } from '../src/care/care-rules.queries.js';
import { addDays, dayOf } from '../src/kernel/day.js';
import type { Database } from '../src/platform/database/database.js';
import { rawSql, sql } from '../src/platform/database/sql.js';
import type { Benchmark, Way } from './frame.js';
import { addCalls, addCustomers, NOW, openProvince, type Province, settle } from './province.js';
import { fingerprint } from './random.js';

const RULES: readonly RuleCode[] = ['star-revisit', 'star-promotion', 'birthday', 'roaming-return', 'package-usage', 'silent', 'sms-visit'];
const TODAY = dayOf(NOW);
const UNTIL = addDays(TODAY, 89);
/** Mornings that are planned one after the other in a forecast of 90 days. */
const STEPS = 13;

/** By hash: a birthday for everybody, roaming for one in two hundred, package use of three months for all, a promotion for one in a hundred. */
async function addFacts(db: Database): Promise<void> {
  await db.run(sql`update customers.customer set birth_month = 1 + abs(hashint8(id + 21)) % 12, birth_day = 1 + abs(hashint8(id + 22)) % 28`);
  await db.run(sql`
    insert into customers.roaming_use (customer_id, line_id, month, destination, days, fee_fen, returned_on, created_at, updated_at)
    select customer_id, id, '2026-10-01', '日本', 5, 8800, '2026-10-28', ${NOW}, ${NOW} from customers.line where abs(hashint8(id + 23)) % 200 = 0`);
  await db.run(sql`
    insert into customers.package_use (customer_id, line_id, month, data_quota_mb, data_used_mb, voice_quota_min, voice_used_min, created_at, updated_at)
    select customer_id, id, m.m, 20000, 6000 + abs(hashint8(id + 31)) % 17000, 500, 200 + abs(hashint8(id + 32)) % 350, ${NOW}, ${NOW}
    from customers.line, (values ('2026-08-01'::date), ('2026-09-01'), ('2026-10-01')) m(m)`);
  await db.run(sql`
    insert into customers.star_change (customer_id, line_id, old_star, new_star, changed_on, created_at)
    select customer_id, id, 4, 5, '2026-11-10', ${NOW} from customers.line where abs(hashint8(id + 41)) % 100 = 0`);
  for (const table of ['customer', 'roaming_use', 'package_use', 'star_change']) await db.pool.query(`vacuum analyze customers.${table}`);
}

async function switchOn({ app, planner }: Province): Promise<void> {
  await app.get(CareReferenceCommands, { strict: false }).ensure();
  const rules = app.get(CareRulesCommands, { strict: false });
  for (const code of RULES) await rules.change(planner, code, { enabled: true, settings: {} });
}

export const benchmark: Benchmark = {
  name: 'forecast',
  rows: 50_000,
  smokeRows: 5_000,
  needsDatabase: true,
  async setUp({ rows, databaseUrl, say }) {
    const province = await openProvince(databaseUrl);
    const { app, db, planner } = province;
    await addCustomers(db, rows);
    await addCalls(db);
    await addFacts(db);
    await settle(db);
    await switchOn(province);
    const inForce = await app.get(CareRulesQueries, { strict: false }).inForce();
    const chunk = app.get(PlanChunk, { strict: false });
    /** What a plan run does first, as often as a forecast imagines a morning: every rule names its candidates for everybody. */
    const naming: Way = {
      name: 'candidates named on each of its mornings',
      run: async () => {
        for (let step = 0; step < STEPS; step++) {
          await db.tx(async (tx) => {
            const day = addDays(TODAY, step * 7);
            await chunk.gather(tx, inForce, ({ rule, settings }) => rule.candidates(settings, { day, who: sql`true` }));
            await tx.run(rawSql('drop table care_candidate'));
          });
        }
        return rows;
      },
    };
    const forecast: Way = {
      name: 'forecast of 90 days, kept',
      run: async () => {
        const key = { day: TODAY, until: UNTIL, orgPath: '/', draft: null };
        const { id } = await app.get(ForecastsCommands, { strict: false }).start(key, planner.id);
        await app.get(ForecastRunner, { strict: false }).run(id);
        return rows;
      },
    };
    return {
      input: fingerprint()
        .update(`${rows} customers by hash, rules ${RULES.join(' ')}`)
        .digest('hex'),
      unit: 'customers',
      ways: [naming, forecast],
      goals: [{ way: forecast.name, atMost: 4 }],
      check: async () => {
        const [day, row] = await Promise.all(
          [
            sql`select sum(calls)::int as n from care.forecast_day where forecast_id = (select max(id) from care.forecast)`,
            sql`select count(*)::int as n from care.forecast_row where forecast_id = (select max(id) from care.forecast) and channel = 'call' and own_call`,
          ].map((one) => db.one<{ n: number }>(one)),
        );
        say(`${row?.n} calls in 90 days`);
        return day?.n === row?.n && (row?.n ?? 0) > 0 ? [] : [`${day?.n} calls in the days, ${row?.n} rows behind them`];
      },
      close: province.close,
    };
  },
};
