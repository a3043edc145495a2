import { CareReferenceCommands } from '../src/care/care-reference.commands.js';
import { CareRulesCommands } from '../src/care/care-rules.commands.js';
import type { RuleCode } from '../src/care/care.types.js';
import { PlanRunner } from '../src/care/planning/plan-runner.commands.js';
import { PlanRunsCommands } from '../src/care/planning/plan-runs.commands.js';
import { PlanRunsQueries } from '../src/care/planning/plan-runs.queries.js';
import { dayOf } from '../src/kernel/day.js';
import type { Database } from '../src/platform/database/database.js';
import { sql } from '../src/platform/database/sql.js';
import { NOW, type Province } from './province.js';

/** Calls only: what a message costs is the blast's claim. */
export const RULES: [code: RuleCode, settings: object][] = [
  ['star-revisit', {}],
  ['birthday', { sms: false, callStars: [1, 2, 3, 4, 5, 6, 7], horizonDays: 10 }],
  ['roaming-return', {}],
];
const CALLS_A_DAY = 400;

/** By hash: a birthday for everybody, one in two hundred roamed last month. */
export async function addFacts(db: Database): Promise<void> {
  await db.run(sql`update customers.customer set birth_month = 1 + abs(hashint8(id + 21)) % 12, birth_day = 1 + abs(hashint8(id + 22)) % 28`);
  await db.run(sql`
    insert into customers.roaming_use (customer_id, line_id, month, destination, days, fee_fen, returned_on, created_at, updated_at)
    select customer_id, id, '2026-10-01', '日本', 5, 8800, '2026-10-28', ${NOW}, ${NOW} from customers.line where abs(hashint8(id + 23)) % 200 = 0`);
  await db.run(sql`update staff.app_user set daily_capacity = ${CALLS_A_DAY}::int where role = 'manager'`);
  for (const table of ['customers.customer', 'customers.roaming_use']) await db.pool.query(`vacuum analyze ${table}`);
}

export async function switchOn({ app, planner }: Province): Promise<void> {
  await app.get(CareReferenceCommands, { strict: false }).ensure();
  const rules = app.get(CareRulesCommands, { strict: false });
  for (const [code, settings] of RULES) await rules.change(planner, code, { enabled: true, settings: { ...settings } });
}

/** A run over everybody, as the schedule does it in the morning. */
export async function planRun({ app, planner }: Province): Promise<void> {
  const everywhere = { ...planner, role: 'admin' as const };
  const { id } = await app.get(PlanRunsCommands, { strict: false }).start(everywhere, { date: dayOf(NOW) });
  await app.get(PlanRunner, { strict: false }).run(id);
  const run = await app.get(PlanRunsQueries, { strict: false }).byId(everywhere, id);
  if (run.state !== 'done') throw new Error(`the run ended as ${run.state}: ${run.error}`);
}
