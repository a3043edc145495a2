import type { Day } from '../kernel/day.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { PACKAGES } from './province.js';

const MONTHS = 6;
/** Fen a gigabyte beyond the package. */
const EXTRA_A_GB = 500;

/** Half a year of package use and bills for every line, drawn by hash: most use some of it, some all of it and more, some next to nothing. */
export async function writeUsage(tx: Tx, now: Date, today: Day): Promise<void> {
  const plans = PACKAGES.map(({ name, gb, minutes, fen }) => ({ name, mb: gb * 1024, minutes, fen }));
  await tx.run(sql`
    create temporary table demo_use on commit drop as
    select l.customer_id, l.id as line_id, m.month, p.mb, p.minutes, p.fen,
           (p.mb * (x.habit + (abs(hashint8(l.id * 12 + m.n)) % 30 - 15)) / 100)::int as used_mb, (p.minutes * (abs(hashint8(l.id * 7 + m.n)) % 90) / 100)::int as used_min
    from customers.line l
    join jsonb_to_recordset(${JSON.stringify(plans)}::jsonb) as p(name text, mb int, minutes int, fen int) on p.name = l.package
    cross join (select n, (date_trunc('month', ${today}::date) - n * interval '1 month')::date as month from generate_series(1, ${MONTHS}::int) n) m
    cross join lateral (select case abs(hashint8(l.id)) % 20 when 0 then 130 when 1 then 118 when 2 then 112 when 3 then 17 when 4 then 19 else 40 + abs(hashint8(l.id)) % 45 end as habit) x`);
  await tx.run(sql`
    insert into customers.package_use (customer_id, line_id, month, data_quota_mb, data_used_mb, voice_quota_min, voice_used_min, extra_fee_fen, created_at, updated_at)
    select customer_id, line_id, month, mb, used_mb, minutes, used_min, greatest(0, used_mb - mb) / 1024 * ${EXTRA_A_GB}::int, ${now}, ${now} from demo_use`);
  await tx.run(sql`
    insert into customers.bill (customer_id, line_id, month, amount_fen, items, created_at, updated_at)
    select customer_id, line_id, month, fen + greatest(0, used_mb - mb) / 1024 * ${EXTRA_A_GB}::int, null, ${now}, ${now} from demo_use`);
}
