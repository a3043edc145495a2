import { dayOf } from '../kernel/day.js';
import { honorificOf } from '../kernel/honorific.js';
import { type Sql, sql } from '../platform/database/sql.js';
import type { Values } from './wording.js';

/** The facts behind the declared variables, as {@link cardColumns} reads them. */
export interface CardRow {
  lineId: string;
  customerId: string;
  number: string;
  name: string | null;
  gender: 'male' | 'female' | null;
  /** Somebody else than the customer uses the card and is spoken to. */
  toUser: boolean;
  userName: string | null;
  starLevel: number;
  package: string | null;
  managerName: string | null;
  managerPhone: string | null;
  attributes: Record<string, unknown> | null;
}

/** Wishes are for whoever reads them: the user of the card whose birthday is kept (CAR-4). All else is the customer's. */
const PERSONAL = ['care', 'greeting'];

/** Columns and joins of a card, for a message of some purpose; `line` is a fragment with `line_id` (`r.line_id`). */
export const cardColumns = (purpose = ''): Sql => sql`l.id as "lineId", l.customer_id as "customerId", l.number, c.name, c.gender,
  (${PERSONAL.includes(purpose)}::boolean and l.user_birth_month is not null and l.actual_user_name is distinct from c.name) as "toUser",
  l.actual_user_name as "userName", c.star_level as "starLevel", l.package, u.name as "managerName", u.agent_no as "managerPhone", s.attributes`;

export const cardJoins = (line: Sql, segmentId: string | null): Sql => sql`
  join customers.v_line l on l.id = ${line}
  join customers.v_customer c on c.id = l.customer_id
  left join staff.v_user u on u.id = c.manager_id
  left join segments.v_member s on s.segment_id = ${segmentId}::bigint and s.line_id = l.id`;

const dayText = (now: Date): string => {
  const [, month, day] = dayOf(now).split('-').map(Number);
  return `${month}月${day}日`;
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : null);

/** What the variables say to this customer. The product's own names win over columns of the same name. */
export function valuesOf(card: CardRow, now: Date): Values {
  const columns = Object.entries(card.attributes ?? {}).map(([name, value]) => [name, textOf(value)]);
  return {
    ...(Object.fromEntries(columns) as Values),
    name: card.name,
    honorific: card.toUser ? honorificOf(card.userName, null) : honorificOf(card.name, card.gender),
    starLevel: String(card.starLevel),
    package: card.package,
    'manager.name': card.managerName,
    'manager.phone': card.managerPhone,
    today: dayText(now),
  };
}
