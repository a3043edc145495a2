import { COMPOUND } from '../../kernel/honorific.js';
import type { Tx } from '../../platform/database/database.js';
import { emptySql, joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { type CardRow, cardJoins, toUserSql } from '../wording/recipient-values.js';
import { DECLARED_VARIABLES, OPTIONAL_VARIABLES } from '../wording/wording.js';

/** A card that stands for all customers to whom the wording says the same. */
export type TupleRow = CardRow & {
  people: number;
  /** People of the whole audience. */
  total: number;
  /** All whom it stands for, where they are asked for. */
  lineIds?: string[];
};

export interface TupleAsk {
  /** A select of `customer_id, line_id`, one line a customer. */
  people: Sql;
  variables: readonly string[];
  purpose: string;
  segmentId: string | null;
  /** Says of each card whom it stands for. */
  whole?: boolean;
}

/** So many cards are read at a time. */
const CHUNK = 2_000;

const NOTHING = rawSql('null::text');

/**
 * A name that is addressed like theirs, so that all 陈先生 are one: the family name and one character more. Only where that is certain,
 * two to four characters of the usual block and a known gender; whoever is in doubt stays as written (see `honorificOf`).
 */
const addressedName = sql`
  case when c.gender is null or c.name !~ '^[一-龥]{2,4}$' then c.name
       when length(c.name) > 2 and left(c.name, 2) = any(${[...COMPOUND]}::text[]) then left(c.name, 2) || '某'
       else left(c.name, 1) || '某' end`;

/** The facts a wording needs of each customer, and nothing more: what it does not say does not tell people apart. */
function columnsFor({ variables, purpose }: TupleAsk): { name: string; value: Sql }[] {
  const says = (...names: string[]): boolean => names.some((name) => variables.includes(name));
  const when = (needed: boolean, value: Sql): Sql => (needed ? value : NOTHING);
  const own = new Set<string>(DECLARED_VARIABLES);
  const columns = variables.filter((name) => !own.has(name));
  const attributes = joinSql(columns.map((name) => sql`${name}::text, s.attributes -> ${name}::text`));
  const toUser = toUserSql(purpose);
  return [
    { name: 'name', value: says('name') ? rawSql('c.name') : when(says('honorific'), addressedName) },
    { name: 'gender', value: when(says('honorific'), rawSql('c.gender')) },
    { name: 'toUser', value: says('honorific') ? toUser : rawSql('false') },
    { name: 'userName', value: when(says('honorific'), sql`case when ${toUser} then l.actual_user_name end`) },
    { name: 'starLevel', value: says('starLevel') ? rawSql('c.star_level') : rawSql('0') },
    { name: 'package', value: when(says('package'), rawSql('l.package')) },
    { name: 'managerName', value: when(says('manager.name'), rawSql('u.name')) },
    { name: 'managerPhone', value: when(says('manager.phone'), rawSql('coalesce(u.phone, u.agent_no)')) },
    { name: 'attributes', value: columns.length > 0 ? sql`jsonb_build_object(${attributes})` : rawSql('null::jsonb') },
    // what somebody else fills in is asked by customer: then nobody stands for another
    ...(says(...OPTIONAL_VARIABLES) ? [{ name: 'customerOf', value: rawSql('c.id') }] : []),
  ];
}

/** The audience as cards, one for all to whom the same is said; within the transaction, so that what it has just written is seen. */
export async function* tuples(tx: Tx, ask: TupleAsk): AsyncGenerator<TupleRow[]> {
  await tx.run(sql`declare message_tuple no scroll cursor for ${tuplesSql(ask)}`);
  for (;;) {
    const rows = await tx.rows<TupleRow>(rawSql(`fetch ${CHUNK} from message_tuple`));
    if (rows.length > 0) yield rows;
    if (rows.length < CHUNK) break;
  }
  await tx.run(rawSql('close message_tuple'));
}

function tuplesSql(ask: TupleAsk): Sql {
  const columns = columnsFor(ask);
  const selected = columns.map(({ name, value }) => sql`${value} as ${rawSql(`"${name}"`)}`);
  const places = joinSql(columns.map((_, i) => rawSql(String(i + 1))));
  return sql`
    select ${joinSql(selected)}, min(l.id) as "lineId", min(l.customer_id) as "customerId", min(l.number) as number,
           ${ask.whole ? sql`array_agg(l.id) as "lineIds",` : emptySql} count(*)::int as people, (sum(count(*)) over ())::int as total
    from (${ask.people}) r ${cardJoins(sql`r.line_id`, ask.segmentId)}
    group by ${places}`;
}
