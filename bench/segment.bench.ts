import { atTime } from '../src/kernel/day.js';
import type { Sql } from '../src/platform/database/sql.js';
import { sql } from '../src/platform/database/sql.js';
import { FiltersQueries } from '../src/segments/filters.queries.js';
import type { Benchmark, Way } from './frame.js';
import { addCalls, addCustomers, openProvince, type Province, settle } from './province.js';
import { fingerprint } from './random.js';

const CONTACTED = {
  and: [
    { field: 'starLevel', op: 'in', value: [5, 6, 7] },
    { field: 'reached', op: 'notWithin', value: 90 },
  ],
};
const BILLED = { and: [...CONTACTED.and, { field: 'arpuFen', op: 'atLeast', value: 20_000 }] };
const SINCE = atTime('2026-08-26', '00:00');

/** "5–7 stars, not reached for 90 days", straight at the tables, as somebody who knows them would write it. */
const contactedByHand = ({ units }: Province): Sql => sql`
  select count(*)::int as customers from customers.customer c
  where c.org_unit_id = any(${units}::bigint[]) and c.star_level between 5 and 7
    and not exists (
      select from calls.attempt a join calls.outcome o on o.code = a.outcome
      where a.customer_id = c.id and o.effective and a.id >= platform.uuid_floor(${SINCE}::timestamptz))
    and exists (select from customers.line l where l.customer_id = c.id)`;

/** The same "and a bill of 200 yuan and more" on the line the customer is reached on. */
const billedByHand = ({ units }: Province): Sql => sql`
  select count(*)::int as customers from customers.customer c
  join (select distinct on (l.customer_id) l.customer_id, l.arpu_fen from customers.line l
        order by l.customer_id, (l.health = 'invalid'), (l.status = 'active') desc, (l.kind = 'main') desc, l.id) b on b.customer_id = c.id
  where c.org_unit_id = any(${units}::bigint[]) and c.star_level between 5 and 7 and b.arpu_fen >= 20000
    and not exists (
      select from calls.attempt a join calls.outcome o on o.code = a.outcome
      where a.customer_id = c.id and o.effective and a.id >= platform.uuid_floor(${SINCE}::timestamptz))`;

export const benchmark: Benchmark = {
  name: 'segment',
  rows: 1_000_000,
  smokeRows: 20_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl }) {
    const province = await openProvince(databaseUrl);
    await addCustomers(province.db, rows);
    await addCalls(province.db);
    await settle(province.db);
    const filters = province.app.get(FiltersQueries, { strict: false });
    const found: Record<string, number | null> = {};
    const byHand = (name: string, statement: Sql): Way => ({
      name,
      run: async () => {
        found[name] = (await province.db.one<{ customers: number }>(statement)).customers;
        return rows;
      },
    });
    const live = (name: string, filter: object): Way => ({
      name,
      run: async () => {
        found[name] = (await filters.count(province.planner, { ...filter })).customers;
        return rows;
      },
    });
    const same = (a: string, b: string): string[] => (found[a] && found[a] === found[b] ? [] : [`${a} found ${found[a]}, ${b} found ${found[b]}`]);
    const atMost = smoke ? 3 : 1.5; // a small count is over before its overhead is
    return {
      input: fingerprint().update(`${rows} customers by hash, every third called`).digest('hex'),
      unit: 'customers',
      ways: [
        byHand('history by hand', contactedByHand(province)),
        live('history, live count', CONTACTED),
        byHand('history and bill by hand', billedByHand(province)),
        live('history and bill, live count', BILLED),
      ],
      goals: [
        { way: 'history, live count', of: 'history by hand', atMost },
        { way: 'history and bill, live count', of: 'history and bill by hand', atMost },
      ],
      check: () =>
        Promise.resolve([...same('history by hand', 'history, live count'), ...same('history and bill by hand', 'history and bill, live count')]),
      close: province.close,
    };
  },
};
