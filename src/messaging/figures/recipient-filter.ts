import { type Sql, sql } from '../../platform/database/sql.js';
import { statesOf } from '../blasts/blast.states.js';
import type { BlastRule } from './blast-rule.types.js';

/** Figures whose rows are not one state; the list of recipients takes each as `figure=` and counts the same people (R45). */
export const ROW_FIGURES = ['handedOver', 'billed', 'optOuts', 'complaints', 'treated', 'ordered', 'heldOut', 'heldOutOrdered'] as const;
export type RowFigure = (typeof ROW_FIGURES)[number];

export interface RecipientFilter {
  /** One of the seven figures, or a state by its own name. */
  state?: string | undefined;
  /** Why somebody got nothing. */
  reason?: string | undefined;
  /** What the network answered; `-`: nothing. */
  code?: string | undefined;
  figure?: string | undefined;
}

/** What the figures of one blast are counted by. */
export interface Counted {
  blastId: string;
  rule: BlastRule;
  /** Orders from the first moment of sending until so long after the last one; null: nothing was sent. */
  orders: { from: Date; until: Date; family: string | null } | null;
}

/** Handed to a gateway; what expired before has no parts, what could not be made no message. */
const HANDED_OVER = sql`(r.state in ('submitted', 'accepted', 'delivered', 'undelivered', 'in_doubt') or r.state = 'rejected' and r.message_id is not null or r.state = 'expired' and r.parts > 0)`;
/** Drawn for the message, whether it reached them or not: who is reached is not chance any more. */
const TREATED = sql`r.reason is distinct from 'hold_out' and r.reason is distinct from 'duplicate'`;
const HELD_OUT = sql`r.state = 'refused' and r.reason = 'hold_out'`;

/** Parts that the network of that message bills. `m` is a message, `g` its gateway. */
export const BILLED = sql`(g.billed_on = 'submit' and (m.state in ('submitted', 'accepted', 'delivered', 'undelivered', 'in_doubt') or m.state = 'expired' and m.submitted_at is not null)
  or g.billed_on = 'delivery' and m.state = 'delivered')`;

const answered = ({ blastId, rule }: Counted): Sql => sql`
  select m.id from messaging.reply y join messaging.message m on m.id = y.message_id
  where y.meaning = 'opt_out' and m.blast_id = ${blastId} and y.received_at < m.submitted_at + make_interval(days => ${rule.optOutDays}::int)`;

/** The messages of a blast after which somebody complained. */
export const complainedSql = ({ blastId, rule }: Counted): Sql => sql`
  select m.id from reporting.complaint c join messaging.message m on m.customer_id = c.customer_id
  where m.blast_id = ${blastId} and c.opened_at >= m.submitted_at and c.opened_at < m.submitted_at + make_interval(days => ${rule.complaintDays}::int)`;

function ordered({ orders }: Counted): Sql {
  if (!orders) return sql`false`;
  return sql`r.customer_id in (
    select s.customer_id from reporting.sale s where s.state in ('open', 'succeeded') and s.opened_at >= ${orders.from} and s.opened_at < ${orders.until}
      and (${orders.family}::text is null or s.family = ${orders.family} or s.standing))`;
}

const CONDITIONS: Readonly<Record<RowFigure, (by: Counted) => Sql>> = {
  handedOver: () => HANDED_OVER,
  billed: ({ blastId }) => sql`r.message_id in (
    select m.id from messaging.message m join messaging.gateway g on g.code = m.gateway_code where m.blast_id = ${blastId} and ${BILLED})`,
  optOuts: (by) => sql`r.message_id in (${answered(by)})`,
  complaints: (by) => sql`r.message_id in (${complainedSql(by)})`,
  treated: () => TREATED,
  ordered: (by) => sql`${TREATED} and ${ordered(by)}`,
  heldOut: () => HELD_OUT,
  heldOutOrdered: (by) => sql`${HELD_OUT} and ${ordered(by)}`,
};

/** The recipients `r` behind a figure: its tile counts by this, its rows are read by this. */
export const isRowFigure = (key: string): key is RowFigure => ROW_FIGURES.some((each) => each === key);
export const figureCondition = (key: RowFigure, by: Counted): Sql => CONDITIONS[key](by);

/** Everything but the state, which decides how rows are found. An unknown figure finds nobody. */
export function filterCondition(filter: RecipientFilter, by: Counted): Sql {
  const parts: Sql[] = [sql`true`];
  if (filter.reason) parts.push(sql`r.reason = ${filter.reason} and r.state in ('refused', 'cancelled')`);
  if (filter.code) parts.push(sql`r.reason = ${filter.code} and r.state in ('rejected', 'undelivered')`);
  if (filter.figure) parts.push(isRowFigure(filter.figure) ? figureCondition(filter.figure, by) : sql`false`);
  return parts.reduce((all, part) => sql`${all} and ${part}`);
}

export const filteredStates = ({ state }: RecipientFilter): string[] | null => (state ? statesOf(state) : null);
