import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

interface DemoTicket {
  kind: 'complaint' | 'fault' | 'correction';
  scope: 'inside' | 'across';
  text: string;
  /** Username of the customer's manager, who has it; a ticket that is still open has nobody. */
  who: string;
  state: 'open' | 'assigned' | 'answered' | 'waiting' | 'solved' | 'closed';
  /** Minutes before now; those of later deeds only where the state has got that far. */
  opened: number;
  answered?: number;
  waiting?: number;
  solved?: number;
  closed?: number;
  urges?: number;
  escalated?: number;
}

const HOUR = 60;

/** One in each state, two over their limit, two close before it. All kinds here count every hour, so that weekends change nothing. */
const TICKETS: readonly DemoTicket[] = [
  {
    kind: 'complaint',
    scope: 'inside',
    text: '重复扣取国际漫游费86元',
    who: 'm01',
    state: 'assigned',
    opened: 25 * HOUR + 12,
    urges: 2,
    escalated: 6 * HOUR,
  },
  { kind: 'correction', scope: 'inside', text: '入网姓名错一个字', who: 'm02', state: 'open', opened: 19, escalated: 7 },
  {
    ...{ kind: 'complaint', scope: 'inside', text: '宽带移机两次未上门', who: 'm01', state: 'answered', opened: 45 * HOUR + 20 },
    ...{ answered: 40 * HOUR, escalated: 7 * HOUR, urges: 1 },
  },
  {
    ...{ kind: 'complaint', scope: 'across', text: '跨省携号后短信收不到', who: 'm02', state: 'answered', opened: 62 * HOUR + 55 },
    ...{ answered: 50 * HOUR, escalated: 5 * HOUR },
  },
  { kind: 'fault', scope: 'inside', text: '家里光猫红灯', who: 'm01', state: 'assigned', opened: 4 * HOUR + 40 },
  { kind: 'fault', scope: 'inside', text: '地下车库没有信号', who: 'm03', state: 'open', opened: 35 },
  {
    ...{ kind: 'complaint', scope: 'inside', text: '合约期违约金解释不清', who: 'm01', state: 'waiting', opened: 30 * HOUR },
    ...{ answered: 26 * HOUR, waiting: 3 * HOUR },
  },
  {
    kind: 'complaint',
    scope: 'inside',
    text: '夜里通话常中断',
    who: 'm01',
    state: 'solved',
    opened: 50 * HOUR,
    answered: 46 * HOUR,
    solved: 25 * HOUR,
  },
  {
    ...{ kind: 'fault', scope: 'inside', text: '宽带夜间掉线', who: 'm01', state: 'closed', opened: 120 * HOUR },
    ...{ answered: 118 * HOUR, solved: 98 * HOUR, closed: 72 * HOUR },
  },
];

/** A handful of tickets of good customers who are on no call list today; an open complaint or fault rests marketing, a solved one asks for its call-back. */
export async function writeTickets(tx: Tx, now: Date): Promise<void> {
  await tx.run(sql`
    with wanted as (
      select w.*, row_number() over (partition by w.who order by w.place) as nth
      from jsonb_to_recordset(${JSON.stringify(TICKETS.map((one, place) => ({ place, urges: 0, ...one })))}::jsonb)
        as w(place integer, kind text, scope text, text text, who text, state text, opened integer, answered integer, waiting integer, solved integer,
             closed integer, urges integer, escalated integer)),
    quiet as (
      select c.id, k.line_id, c.org_unit_id, c.manager_id, u.username, row_number() over (partition by c.manager_id order by c.star_level desc, c.id) as nth
      from customers.v_customer c join customers.v_contact_line k on k.customer_id = c.id join staff.app_user u on u.id = c.manager_id
      where c.status = 'active' and k.status = 'active' and c.tier in ('diamond', 'gold', 'silver')
        and not exists (select from calls.task t where t.customer_id = c.id and t.state in ('open', 'claimed')))
    insert into tickets.ticket (kind, scope, tier, major, text, customer_id, line_id, state, org_unit_id, assignee_id, opened_by, opened_at, limit_version,
                                answer_due, solve_due, answer_escalate, solve_escalate, answered_at, waiting_since, solved_at, closed_at, round, urges,
                                escalated_at, escalated_limit, satisfaction)
    select w.kind, w.scope, 'high', false, w.text, q.id, q.line_id, w.state, q.org_unit_id, case when w.state <> 'open' then q.manager_id end, q.manager_id, a.opened,
           r.version, a.opened + r.answer_minutes * interval '1 minute', a.opened + r.solve_minutes * interval '1 minute',
           a.opened + 0.8 * r.answer_minutes * interval '1 minute', a.opened + 0.8 * r.solve_minutes * interval '1 minute',
           ${now}::timestamptz - w.answered * interval '1 minute', ${now}::timestamptz - w.waiting * interval '1 minute',
           ${now}::timestamptz - w.solved * interval '1 minute', ${now}::timestamptz - w.closed * interval '1 minute', (w.solved is not null)::int, w.urges,
           ${now}::timestamptz - w.escalated * interval '1 minute',
           case when w.escalated is null then null when w.answered is null or w.escalated > w.answered then 'answer' else 'solve' end, case when w.state = 'closed' then 5 end
    from wanted w join quiet q on q.username = w.who and q.nth = w.nth
    cross join lateral (select ${now}::timestamptz - w.opened * interval '1 minute' as opened) a
    join tickets.limit_rule r on r.version = 1 and r.kind = w.kind and r.tier = 'high' and r.scope = w.scope
    order by w.place`);
  await writeHistory(tx);
  await tx.run(sql`
    insert into contact.protection (customer_id, kind, ref, source, since, released_at)
    select customer_id, kind, no, 'tickets', opened_at, closed_at from tickets.ticket where kind in ('complaint', 'fault')`);
  await tx.run(sql`
    insert into care.follow_up (kind, reference, customer_id, closed_on, asked_at)
    select kind, no, customer_id, platform.day_of(solved_at), solved_at from tickets.ticket where state = 'solved' and kind in ('complaint', 'fault')`);
}

/** What led to where each of them stands. */
const writeHistory = (tx: Tx): Promise<number> =>
  tx.run(sql`
    insert into tickets.entry (ticket_id, at, by_user, deed, state, target, note)
    select t.id, d.at, d.by_user, d.deed, d.state, d.target, d.note
    from tickets.ticket t cross join lateral (values
      (1, t.opened_at, t.opened_by, 'open', 'open', null, null),
      (2, case when t.assignee_id is not null then t.opened_at + interval '2 minutes' end, t.assignee_id, 'take', 'assigned', null, null),
      (3, t.answered_at, t.assignee_id, 'answer', 'answered', null, '已电话说明处理办法'),
      (4, t.waiting_since, t.assignee_id, 'wait', 'waiting', null, '等客户补材料'),
      (5, t.escalated_at, null, 'escalate', t.state, null, null),
      (6, case when t.urges > 0 then t.escalated_at + interval '30 minutes' end, t.opened_by, 'urge', t.state, null, '客户又来电'),
      (7, case when t.urges > 1 then t.escalated_at + interval '90 minutes' end, t.opened_by, 'urge', t.state, null, null),
      (8, t.solved_at, t.assignee_id, 'solve', 'solved', null, '已处理，客户在电话里认可'),
      (9, t.closed_at, t.assignee_id, 'close', 'closed', t.satisfaction::text, null)) d(place, at, by_user, deed, state, target, note)
    where d.at is not null order by d.at, t.id, d.place`);
