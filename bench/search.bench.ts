import { CustomersQueries, type CustomerSearch } from '../src/customers/customers.queries.js';
import { InitialsCommands } from '../src/customers/search/initials.commands.js';
import { initialsOf } from '../src/customers/search/initials.policy.js';
import { sql } from '../src/platform/database/sql.js';
import { copyOf } from './copy.js';
import type { Benchmark, Way } from './frame.js';
import { addCustomers, openProvince, type Province, settle } from './province.js';
import { fingerprint, randomOf } from './random.js';

const FEW = 10_000;
const SEARCHES = 300;
/** Small enough that ten thousand customers fill a page of most kinds too: a longer answer is not a slower search. */
const PAGE = 10;
const KINDS = 12;
const SMALL = 'search_small';

async function fill(databaseUrl: string, rows: number): Promise<Province> {
  const province = await openProvince(databaseUrl);
  await addCustomers(province.db, rows);
  await province.app.get(InitialsCommands, { strict: false }).fill();
  await settle(province.db);
  return province;
}

/** What people type, in turn: of customers of their own units, picked by chance. */
async function questions({ db, units }: Province): Promise<CustomerSearch[]> {
  const random = randomOf(7);
  const own = await db.rows<{ id: string }>(sql`select id from customers.customer where org_unit_id = any(${units}::bigint[]) order by id`);
  const ids = Array.from({ length: SEARCHES }, () => own[Math.floor(random() * own.length)]?.id);
  const rows = await db.rows<{ name: string; number: string; star: number; city: string; district: string; manager: string }>(sql`
    select c.name, l.number, c.star_level as star, c.city, c.district, u.username as manager from unnest(${ids}::bigint[]) with ordinality k(id, place)
    join customers.customer c on c.id = k.id join customers.line l on l.customer_id = c.id join staff.app_user u on u.id = c.manager_id order by k.place`);
  return rows.map((row, i): CustomerSearch => {
    const { name, number, star: starLevel, city, district, manager } = row;
    const initials = initialsOf(name) ?? '';
    const kinds: CustomerSearch[] = [
      { phone: `${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}` },
      { phone: number.slice(-4) },
      { name },
      { name: name.slice(0, 1) },
      { name: name.slice(0, 1), starLevel },
      { name: initials },
      { name: initials.slice(0, 2), starLevel },
      { manager },
      { manager, starLevel },
      { starLevel, city },
      { city, district },
      {},
    ];
    return kinds[i % KINDS] ?? {};
  });
}

const p95 = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;

export const benchmark: Benchmark = {
  name: 'search',
  rows: 1_000_000,
  smokeRows: 30_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const smallUrl = await copyOf(databaseUrl, SMALL);
    const few = await fill(smallUrl, FEW);
    const many = await fill(databaseUrl, rows);
    const times = new Map<string, number[]>();
    const slowest = (name: string): string => {
      const kinds = Array.from({ length: KINDS }, (_, kind) => p95((times.get(name) ?? []).filter((_time, i) => i % KINDS === kind)));
      return kinds.map((ms) => ms.toFixed(1)).join(' ');
    };
    const searching = async (name: string, province: Province): Promise<Way> => {
      const asked = await questions(province);
      const queries = province.app.get(CustomersQueries, { strict: false });
      const search = async (): Promise<number> => {
        const taken = times.get(name) ?? [];
        times.set(name, taken);
        for (const question of asked) {
          const start = performance.now();
          await queries.search(province.planner, { ...question, limit: PAGE });
          taken.push(performance.now() - start);
        }
        return asked.length;
      };
      await search();
      times.delete(name); // the first round only warms both
      return { name, run: search };
    };
    const atMost = smoke ? 3 : 1.5;
    const names = [`among ${FEW}`, `among ${rows}`] as const;
    return {
      input: fingerprint().update(`${FEW} and ${rows} customers by hash, ${SEARCHES} searches of twelve kinds, mulberry32 7`).digest('hex'),
      unit: 'searches',
      ways: [await searching(names[0], few), await searching(names[1], many)],
      goals: [{ way: names[1], atMost }],
      check: () => {
        const [small, large] = names.map((name) => p95(times.get(name) ?? []));
        const ratio = (large ?? NaN) / (small ?? NaN);
        for (const name of names) say(`p95 in ms of each kind, ${name}: ${slowest(name)}`);
        say(`p95 ${names[1]} ÷ p95 ${names[0]}: ${ratio.toFixed(2)} (at most ${atMost})`);
        return Promise.resolve(ratio <= atMost ? [] : [`the p95 among ${rows} is ${ratio.toFixed(2)} times that among ${FEW}, more than ${atMost}`]);
      },
      close: async () => {
        await few.close();
        await many.close();
      },
    };
  },
};
