import { addDays, atTime, type Day, dayOf } from '../kernel/day.js';
import { uuidAt } from '../kernel/ids.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { CAMPAIGNS, type DemoCampaign } from './campaigns.data.js';
import type { DemoTask, DemoWorld } from './demo-world.js';
import type { DemoCall } from './history.data.js';

/** Campaigns as planner1 made and launched them, with the audience of the launch. */
export async function writeCampaigns(tx: Tx, world: DemoWorld, now: Date, today: Day): Promise<void> {
  for (const campaign of CAMPAIGNS) await writeCampaign(tx, campaign, now, today);
  const members = [
    ...world.tasks.map((task) => ({ campaign: task.campaign, customer: task.customerId, line: task.lineId, excluded: null })),
    ...world.excluded.map((row) => ({ campaign: row.campaign, customer: row.customerId, line: row.lineId, excluded: row.reason })),
  ];
  await tx.run(sql`
    insert into campaigns.audience (campaign_id, customer_id, line_id, excluded, frozen_at)
    select c.id, m.customer, m.line, m.excluded, coalesce(c.launched_at, ${now})
    from jsonb_to_recordset(${JSON.stringify(members)}::jsonb) as m(campaign text, customer bigint, line bigint, excluded text)
    join campaigns.campaign c on c.code = m.campaign`);
}

async function writeCampaign(tx: Tx, campaign: DemoCampaign, now: Date, today: Day): Promise<void> {
  const starts = addDays(today, campaign.starts);
  const made = atTime(addDays(today, Math.min(campaign.starts, -1) - 2), '10:00');
  const launched = campaign.state === 'scheduled' ? null : atTime(starts, '09:00');
  const [lower, upper] = campaign.band ?? [null, null];
  await tx.run(sql`
    insert into campaigns.campaign (code, name, kind, state, goal, starts_on, ends_on, segment_id, script, band_lower, band_upper, holdout_percent,
      caller_number, product_family, org_unit_id, created_by, created_at, updated_at, frozen_at, launched_at)
    select ${campaign.code}, ${campaign.name}, ${campaign.kind}, ${campaign.state}, ${campaign.goal}, ${starts}, ${addDays(today, campaign.ends)}, s.id,
      ${JSON.stringify(campaign.script)}::jsonb, ${lower}, ${upper}, ${campaign.holdoutPercent}, ${campaign.caller}, ${campaign.family},
      u.org_unit_id, u.id, ${made}, ${made}, ${launched}, ${launched}
    from staff.app_user u, segments.segment s where u.username = 'planner1' and s.code = ${campaign.segment.code}`);
  const steps = [
    { from: null, to: 'draft', at: made },
    campaign.state === 'scheduled' ? { from: 'draft', to: 'scheduled', at: now } : { from: 'draft', to: 'running', at: launched },
  ];
  await tx.run(sql`
    insert into campaigns.transition (campaign_id, from_state, to_state, by_user, at)
    select c.id, t."from", t."to", c.created_by, t.at from campaigns.campaign c,
      jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as t("from" text, "to" text, at timestamptz) where c.code = ${campaign.code} order by t.at`);
}

/** Tasks with their calls: every call has its touch in the ledger, its place in the order of dials, and its order. */
export async function writeHistory(tx: Tx, world: DemoWorld, now: Date, today: Day): Promise<void> {
  const tasks = [...world.tasks, ...world.visits].filter((task) => task.calls.length > 0 || task.campaign !== 'star-revisit');
  const calls = tasks.flatMap((task) => task.calls.map((call) => ({ ...call, cycle: cycleOf(task) })));
  const first = calls.reduce((min, call) => (call.startedAt < min ? call.startedAt : min), now.toISOString());
  await tx.run(sql`
    select platform.ensure_partitions('contact.touch', ${dayOf(new Date(first))}, ${addDays(today, 62)}),
           platform.ensure_partitions('calls.attempt', ${dayOf(new Date(first))}, ${addDays(today, 62)})`);
  await writeTasks(tx, tasks, now, today);
  await writeCalls(tx, calls, now);
  await writePromises(tx);
}

/** Every call back that was asked for was promised for about the minute it came: most to the minute, some a few minutes off, some half an hour late. */
async function writePromises(tx: Tx): Promise<void> {
  await tx.run(sql`
    insert into calls.callback_end (task_id, owner_id, due_at, called_at)
    select a.task_id, a.manager_id, date_trunc('minute', n.started_at) - make_interval(mins => (array[0, 0, 0, 0, 3, 6, 9, 30])[1 + a.customer_id % 8]), n.started_at
    from calls.attempt a join calls.attempt n on n.task_id = a.task_id and n.ordinal = a.ordinal + 1
    where a.outcome = 'callback'`);
}

async function writeTasks(tx: Tx, tasks: readonly DemoTask[], now: Date, today: Day): Promise<void> {
  const callbacks = new Map<string, number>();
  const rows = tasks.map((task) => ({ ...rowOf(task, now, today), callback_at: callbackToday(task, callbacks, today) }));
  await tx.run(sql`
    insert into calls.task (campaign_id, customer_id, line_id, cycle, owner_id, state, close_reason, due_on, deadline_on, callback_at, star, attempts,
      last_outcome, last_attempt_at, list_source, created_at, closed_at)
    select c.id, t.customer, t.line, t.cycle, t.owner, t.state, t.reason, t.due_on, t.deadline, t.callback_at, t.star, t.attempts, t.last, t.last_at, nullif(t.source, ''), t.made, t.closed
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t(campaign text, customer bigint, line bigint, cycle text, owner bigint, state text, reason text, due_on date,
      deadline date, callback_at timestamptz, star smallint, attempts smallint, last text, last_at timestamptz, source text, made timestamptz, closed timestamptz)
    join campaigns.campaign c on c.code = t.campaign`);
}

const ENDLESS = new Set([
  'no_answer',
  'busy',
  'powered_off',
  'rejected',
  'out_of_area',
  'suspended',
  'cut_off',
  'assistant',
  'wrong_person',
  'callback',
]);
const MOST_DIALS = 3;

const cycleOf = (task: DemoTask): string => (task.campaign === 'star-revisit' ? `demo-${task.createdDay}` : '');

/** Where a task stands after its calls: done, given up after the last dial, or open. */
function rowOf(task: DemoTask, now: Date, today: Day) {
  const last = task.calls[task.calls.length - 1];
  const goesOn = !last || (ENDLESS.has(last.outcome) && task.calls.length < MOST_DIALS);
  const state = goesOn ? (task.campaign === 'star-revisit' ? 'not_reached' : 'open') : last && ENDLESS.has(last.outcome) ? 'not_reached' : 'done';
  const dueOn = state === 'open' && task.dueOn < today ? today : task.dueOn;
  return {
    campaign: task.campaign,
    customer: task.customerId,
    line: task.lineId,
    cycle: cycleOf(task),
    owner: task.managerId,
    state,
    reason: state === 'open' ? null : (last?.outcome ?? null),
    due_on: dueOn,
    deadline: addDays(dueOn, 10),
    star: task.star,
    attempts: task.calls.length,
    last: last?.outcome ?? null,
    last_at: last?.startedAt ?? null,
    source: task.source,
    made: atTime(task.createdDay, '09:00') < now ? atTime(task.createdDay, '09:00') : now,
    closed: state === 'open' ? null : (last?.startedAt ?? null),
  };
}

const CALLBACK_TIMES = ['10:15', '10:40', '11:20', '15:30', '16:45', '18:30'];
const MOST_CALLBACKS = 4;

/** A customer who asked to be called back, and whom nobody has called since, is promised a minute of today. */
function callbackToday(task: DemoTask, given: Map<string, number>, today: Day): Date | null {
  const last = task.calls[task.calls.length - 1];
  const count = given.get(task.managerId) ?? 0;
  if (last?.outcome !== 'callback' || task.calls.length >= MOST_DIALS || task.campaign === 'star-revisit' || count >= MOST_CALLBACKS) return null;
  given.set(task.managerId, count + 1);
  return atTime(today, CALLBACK_TIMES[(count * 2 + Number(task.managerId)) % CALLBACK_TIMES.length] ?? '10:40');
}

async function writeCalls(tx: Tx, calls: readonly (DemoCall & { cycle: string })[], now: Date): Promise<void> {
  const rows = calls.map((call) => ({ ...call, touch: uuidAt(new Date(call.startedAt)) }));
  await tx.run(sql`create temporary table demo_call on commit drop as
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, touch uuid, campaign text, cycle text, "customerId" bigint, "lineId" bigint, "managerId" bigint,
      ordinal smallint, "startedAt" timestamptz, outcome text, reason text, "talkSeconds" integer, topics text[], source text, "order" jsonb)`);
  await tx.run(sql`
    insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, campaign_id, source, actor_id, at)
    select d.touch, true, 'confirmed', d."customerId", l.number, 'call', case when c.kind = 'marketing' then 'marketing' else 'care' end, c.id, 'desk', d."managerId", d."startedAt"
    from demo_call d join campaigns.campaign c on c.code = d.campaign join customers.line l on l.id = d."lineId"`);
  await tx.run(sql`
    insert into calls.attempt (id, task_id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, reason, source, talk_seconds, talk_source,
      topics, list_source, caller_number, created_at)
    select d.id, t.id, c.id, d."customerId", d."lineId", d."managerId", d.touch, d.ordinal, d."startedAt", d.outcome, d.reason, 'agent', d."talkSeconds", 'switch',
      d.topics, nullif(d.source, ''), c.caller_number, d."startedAt" + make_interval(secs => d."talkSeconds" + 20)
    from demo_call d join campaigns.campaign c on c.code = d.campaign
    join calls.task t on t.campaign_id = c.id and t.customer_id = d."customerId" and t.cycle = d.cycle`);
  await tx.run(
    sql`insert into calls.attempt_key (line_id, campaign_id, started_at, attempt_id) select line_id, campaign_id, started_at, id from calls.attempt on conflict do nothing`,
  );
  await tx.run(sql`
    insert into calls.sales_order (attempt_id, campaign_id, customer_id, order_no, product, state, told_state, opened_at, completed_on, told_on,
      identity_check, identity_by, identity_at, tariff_read, start_read, contract_read, confirmation, confirm_by, recording_ref)
    select d.id, c.id, d."customerId", d."order"->>'no', c.name, d."order"->>'state', d."order"->>'state', d."startedAt", (d."order"->>'completedOn')::date,
      (d."order"->>'completedOn')::date, (array['answers', 'id_digits', 'sms_code'])[1 + d.ordinal % 3], d."managerId", d."startedAt", true, true, true,
      case when x.waits then 'waiting' else 'confirmed' end, case when x.waits then x.until end, 'R' || upper(right(replace(d.id::text, '-', ''), 10))
    from demo_call d join campaigns.campaign c on c.code = d.campaign
    cross join lateral (select d."startedAt" + interval '48 hours' as until, d."order"->>'state' = 'open' and d."startedAt" + interval '48 hours' > ${now} as waits) x
    where d."order" is not null and d."order" <> 'null'::jsonb`);
}
