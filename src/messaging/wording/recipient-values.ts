import { dayOf } from '../../kernel/day.js';
import { honorificOf } from '../../kernel/honorific.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';

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

/** Whether the user of the card is spoken to, not the customer. */
export const toUserSql = (purpose: string): Sql => sql`
  (${PERSONAL.includes(purpose)}::boolean and l.user_birth_month is not null and l.actual_user_name is distinct from c.name)`;

/** What a wording needs of a card beyond line and customer; without a word of it, everything. */
export interface Needs {
  manager: boolean;
  columns: boolean;
}

const ALL: Needs = { manager: true, columns: true };

/** Columns of a card, for a message of some purpose. */
export const cardColumns = (purpose = '', { manager, columns }: Needs = ALL): Sql => sql`
  l.id as "lineId", l.customer_id as "customerId", l.number, c.name, c.gender,
  ${toUserSql(purpose)} as "toUser",
  l.actual_user_name as "userName", c.star_level as "starLevel", l.package, ${manager ? sql`u.name as "managerName", coalesce(u.phone, u.agent_no) as "managerPhone"` : sql`null as "managerName", null as "managerPhone"`},
  ${columns ? sql`s.attributes` : sql`null as attributes`}`;

/** Their joins; `line` is the id of a line (`r.line_id`). */
export const cardJoins = (line: Sql, segmentId: string | null, { manager, columns }: Needs = ALL): Sql => sql`
  join customers.v_line l on l.id = ${line}
  join customers.v_customer c on c.id = l.customer_id
  ${manager ? sql`left join staff.v_user u on u.id = c.manager_id` : emptySql}
  ${columns ? sql`left join segments.v_member s on s.segment_id = ${segmentId}::bigint and s.line_id = l.id` : emptySql}`;

const dayText = (now: Date): string => {
  const [, month, day] = dayOf(now).split('-').map(Number);
  return `${month}月${day}日`;
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : null);

/** What the product's own variables say to this customer. Their names win over columns of the same name. */
const OWN = new Map<string, (card: CardRow, today: string) => string | null>([
  ['name', ({ name }) => name],
  ['honorific', ({ toUser, userName, name, gender }) => (toUser ? honorificOf(userName, null) : honorificOf(name, gender))],
  ['starLevel', ({ starLevel }) => String(starLevel)],
  ['package', (card) => card.package],
  ['manager.name', ({ managerName }) => managerName],
  ['manager.phone', ({ managerPhone }) => managerPhone],
  ['today', (_, today) => today],
]);

/** A blast reads a million cards: only what its variables say. */
export const needsOf = (variables: readonly string[]): Needs => ({
  manager: variables.some((name) => name.startsWith('manager.')),
  columns: variables.some((name) => !OWN.has(name)),
});

/** What these variables say to one customer after the other. Nothing else is worked out: a blast asks a million times. */
export function valuesFor(variables: readonly string[], now: Date): (card: CardRow) => Record<string, string | null> {
  const today = dayText(now);
  const sources = variables.map((name) => [name, OWN.get(name) ?? ((card: CardRow) => textOf(card.attributes?.[name]))] as const);
  return (card) => {
    const values = Object.create(null) as Record<string, string | null>;
    for (const [name, valueOf] of sources) values[name] = valueOf(card, today);
    return values;
  };
}
