import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import { firstMeant, lastMeant, meant } from './validity.js';
import { NO_CODE, type RecipientState, sourcesOf } from '../blasts/blast.states.js';

/**
 * How words of gateways become states of messages: statements over sets, whatever their size. A source yields the words with the message each
 * is about; {@link merged} does the rest, the same for all.
 */

/** A later word wins over an earlier one in this order; `accepted` says least. */
const WEIGHT: RecipientState[] = ['accepted', 'expired', 'undelivered', 'delivered'];
/** The states from which the word `w` may move a message. */
const SOURCES = sql`case w.state ${joinSql(
  WEIGHT.map((state) => sql`when ${state} then ${sourcesOf(state)}::text[]`),
  ' ',
)} end`;

/** Of the messages that a gateway gave this id, the newest that can be meant. */
const named = (gateway: Sql, ref: Sql, isMeant: (id: Sql) => Sql): Sql => sql`(
  select g.message_id from messaging.gateway_message g where g.gateway_code = ${gateway} and g.gateway_ref = ${ref} and ${isMeant(sql`g.message_id`)}
  order by g.message_id desc limit 1)`;

/**
 * What has come and is not merged yet: acceptances and what the network says of the same messages, often in one set. The ids of what was taken are
 * kept for whatever comes later.
 */
export const fromSets = (most: number): Sql => sql`
  sets as materialized (
    delete from messaging.said where id in (
      select id from (select id, sum(words) over (order by id) - words as before from messaging.said) s where before < ${most})
    returning *, ${firstMeant(sql`said_at`)} as first_meant, ${lastMeant(sql`said_at`)} as last_meant
  ), taken as materialized (
    select s.gateway_code, w.ref, w.message_id as about, s.said_at as at
    from sets s cross join lateral messaging.words_of(s.message_ids, s.refs, s.states, s.codes, s.hints) w where s.taken
  ), kept_ids as (
    insert into messaging.gateway_message (gateway_code, gateway_ref, message_id) select gateway_code, ref, about from taken
  ), newest as (
    select gateway_code, ref, max(about::text)::uuid as about from taken group by 1, 2
  ), words as materialized (
    select w.lot, w.nth, w.gateway_code, w.at, w.message_id, w.ref, w.state, w.code, w.hint,
           coalesce(w.message_id, n.about, ${named(sql`w.gateway_code`, sql`w.ref`, (id) => sql`${id} between w.first_meant and w.last_meant`)}) as about from (
      select s.id as lot, w.nth, s.gateway_code, s.said_at as at, w.message_id, w.ref, w.state, w.code, w.hint, s.first_meant, s.last_meant
      from sets s cross join lateral messaging.words_of(s.message_ids, s.refs, s.states, s.codes, s.hints) w where not s.taken
    ) w full join newest n on n.gateway_code = w.gateway_code and n.ref = w.ref
    where coalesce(w.lot, 0) > 0
  )`;

/**
 * Few rows of large tables are moved, each found by its key, however many the planner expects. The sets themselves are joined by full joins, which are
 * never made row by row.
 */
export const BY_KEY = sql`set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off; set local jit = off`;

/** What nobody could place when it came, and what parts and riddles have made of it since. */
export const fromKept = (most: number): Sql => sql`
  late as (
    delete from messaging.receipt r using (
      select id, about from (
        select o.id, coalesce(o.message_id, ${named(sql`o.gateway_code`, sql`o.gateway_ref`, (id) => meant(id, sql`o.received_at`))}) as about from messaging.receipt o where o.applied_at is null
      ) k where about is not null order by id limit ${most}) k
    where r.id = k.id returning r.*, k.about
  ), words as materialized (
    select id as lot, 0 as nth, gateway_code, received_at as at, message_id, gateway_ref as ref, state, network_code as code, hint, about from late
  ), taken as (
    select about, at from words where false
  )`;

/**
 * The strongest word for each message, where the table of moves lets it through; one update of each row, whatever was said of it.
 * @param confirming what makes the touches of a CTE `told` count for good @returns `words`: how many there were
 */
export const merged = (source: Sql, now: Date, confirming: Sql): Sql => sql`
  with ${source},
  said as (
    select distinct on (about) about, state, code, at from words
    where about is not null and state <> 'unknown' order by about, array_position(${WEIGHT}::text[], state) desc, lot desc, nth desc
  ), word as (
    -- most were taken a moment before, so both are one move
    select coalesce(s.about, t.about) as about, coalesce(s.state, 'accepted') as state, s.code, coalesce(s.at, t.at) as at, least(s.at, t.at) as first_at
    from said s full join taken t on t.about = s.about
  ), told as (
    update messaging.message m
    set state = w.state, network_code = coalesce(w.code, m.network_code), submitted_at = coalesce(m.submitted_at, w.first_at),
        finished_at = case when w.state <> 'accepted' then w.at end
    from word w where m.id = w.about and m.state = any(${SOURCES})
    returning m.id, m.blast_id, m.line_id, m.touch_id, m.state, m.network_code
  ), shown as (
    update messaging.recipient r set state = t.state, updated_at = ${now},
           reason = case when t.state in ('undelivered', 'expired') then coalesce(t.network_code, ${NO_CODE}) end
    from told t where r.blast_id = t.blast_id and r.line_id = t.line_id and r.message_id = t.id
  ), confirmed as (${confirming}),
  kept as (
    -- of nobody known yet, or a repetition or contradiction: kept beside the message
    insert into messaging.receipt (gateway_code, gateway_ref, message_id, state, network_code, hint, received_at, applied_at)
    select w.gateway_code, w.ref, w.message_id, w.state, w.code, w.hint, w.at, case when w.about is not null then ${now}::timestamptz end
    from words w where w.about is null or (w.state <> 'accepted' and w.about not in (select id from told))
    order by w.lot, w.nth
  )
  select ((select count(*) from words) + (select count(*) from taken))::int as words`;
