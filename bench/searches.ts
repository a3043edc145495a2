import type { CustomerSearch } from '../src/customers/customers.queries.js';
import { initialsOf } from '../src/customers/search/initials.policy.js';
import { sql } from '../src/platform/database/sql.js';
import type { Province } from './province.js';
import { randomOf } from './random.js';

export const SEARCHES = 300;
/** Small enough that ten thousand customers fill a page of most kinds too: a longer answer is not a slower search. */
export const PAGE = 10;
export const KINDS = 12;

/** What people type, in turn: of customers of their own units, picked by chance. */
export async function questions({ db, units }: Province): Promise<CustomerSearch[]> {
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
