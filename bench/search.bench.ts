import { CustomersQueries } from '../src/customers/customers.queries.js';
import { InitialsCommands } from '../src/customers/search/initials.commands.js';
import { copyOf } from './copy.js';
import type { Benchmark, Way } from './frame.js';
import { addCustomers, openProvince, type Province, settle } from './province.js';
import { fingerprint } from './random.js';
import { KINDS, PAGE, questions, SEARCHES } from './searches.js';

const FEW = 10_000;
const SMALL = 'search_small';

async function fill(databaseUrl: string, rows: number): Promise<Province> {
  const province = await openProvince(databaseUrl);
  await addCustomers(province.db, rows);
  await province.app.get(InitialsCommands, { strict: false }).fill();
  await settle(province.db);
  return province;
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
