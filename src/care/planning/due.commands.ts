import { Injectable } from '@nestjs/common';
import { TasksCommands, WITHDRAWN } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, dayOf } from '../../kernel/day.js';
import { BlastsCommands } from '../../messaging/blasts/blasts.commands.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import type { CareRule } from '../care.types.js';
import { ATTENDED } from '../rules/attended.policy.js';
import { RULES, TICKS } from '../rules/rule-list.policy.js';
import type { Settings } from '../rules/setting.types.js';

/** Why calls takes a task off its list: another visit kept all its promises. */
const FULFILLED = 'care_fulfilled';

/** A message whose network said nothing for two days will not arrive. */
const SILENT_DAYS = 2;

/** Receipts come within days, those of another round after it: what is older is left to the plan of the day. */
const ANSWERED_DAYS = 7;

/** Instead of a condition: all there are, without looking each of them up. */
export const EVERYBODY = sql`true`;
const ofThese = (who: Sql, customer: Sql): Sql =>
  who === EVERYBODY ? EVERYBODY : sql`${customer} in (select c.id from customers.v_customer c where ${who})`;

/** Only the contact that was planned keeps the promise; where reasons are ticked off, the ticked ones. */
const ownTask = (rule: CareRule): Sql => sql`
  a.visit and a.task_id = x.task_id and (cardinality(a.topics) = 0 or ${rule.code}::text = any(a.topics) or not a.topics && ${TICKS}::text[])
  and ${rule.keptBy ?? sql`true`}`;

/**
 * Keeps `care.due` in step with what happened: a visit that counts closes it, a task that ended without one closes it as not
 * reached, a correction opens it again. Every step changes only what is wrong, so that a second time changes nothing.
 */
@Injectable()
export class DueCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly tasks: TasksCommands,
    private readonly blasts: BlastsCommands,
  ) {}

  settleCustomer(customerId: string): Promise<void> {
    return this.db.tx((tx) => this.settle(tx, sql`c.id = ${customerId}`));
  }

  /** What the attempt had kept is open again, and judged anew. */
  settleCorrected(attemptId: string, customerId: string): Promise<void> {
    return this.db.tx(async (tx) => {
      const opened = await tx.rows<{ taskId: string | null }>(sql`
        update care.due set state = 'open', done_by_attempt = null, closed_at = null where done_by_attempt = ${attemptId}::uuid returning task_id as "taskId"`);
      await this.tasks.takeUp(
        tx,
        opened.flatMap(({ taskId }) => taskId ?? []),
        FULFILLED,
      );
      await this.settle(tx, sql`c.id = ${customerId}`);
    });
  }

  /** Takes back what changes of star have ended, at once. */
  withdrawFallen(): Promise<void> {
    return this.db.tx((tx) => this.withdrawAll(tx, sql`c.id in (select d.customer_id from care.due d where d.state = 'open')`));
  }

  /** What messages have come to, within the minute: the boards say what the blasts say, without waiting for the next plan. */
  closeAnswered(): Promise<void> {
    const today = dayOf(this.clock.now());
    const recent = sql`d.due_on between ${addDays(today, -ANSWERED_DAYS)}::date and ${today}::date`;
    // what is being settled at the moment is left to that
    return this.db.tx((tx) => this.closeReceived(tx, recent, sql`for update of d skip locked`));
  }

  /** @param who a condition on `customers.v_customer c` */
  async settle(tx: Tx, who: Sql): Promise<void> {
    const settings = new Map((await this.rules.list(tx)).map((row) => [row.code, row.settings]));
    await this.openAgain(tx, who);
    await this.openUnattended(tx, who);
    const owed = await this.owed(tx, who);
    await this.withdrawAll(tx, who, owed);
    for (const rule of owed) {
      const inForce = { rule, settings: settings.get(rule.code) ?? {} };
      await this.keep(tx, who, inForce);
      await this.keepByAttendance(tx, who, inForce);
    }
    await this.close(tx, who);
    await this.closeMessages(tx, who);
    await this.callOff(tx, who);
  }

  /** A task that lives again owes its reasons again. */
  private async openAgain(tx: Tx, who: Sql): Promise<void> {
    await tx.run(sql`
      update care.due d set state = 'open', closed_at = null from calls.v_task t
      where t.id = d.task_id and d.state in ('not_reached', 'cancelled') and t.state in ('open', 'claimed') and ${ofThese(who, sql`d.customer_id`)}`);
  }

  /** The rules that still owe these people something: of one customer after each call they are a few of many. */
  private async owed(tx: Tx, who: Sql): Promise<readonly CareRule[]> {
    if (who === EVERYBODY) return RULES;
    const rows = await tx.rows<{ code: string }>(sql`
      select distinct d.rule_code as code from care.due d where d.state in ('open', 'not_reached') and ${ofThese(who, sql`d.customer_id`)}`);
    const codes = new Set(rows.map(({ code }) => code));
    return RULES.filter(({ code }) => codes.has(code));
  }

  private async withdrawAll(tx: Tx, who: Sql, rules: readonly CareRule[] = RULES): Promise<void> {
    const today = dayOf(this.clock.now());
    for (const rule of rules) if (rule.stands) await this.withdraw(tx, who, sql`d.rule_code = ${rule.code} and not ${rule.stands(today)}`);
  }

  /**
   * What an event took back is not planned any more, as long as nobody has touched it: the message not handed over, the call not begun. A call that has
   * other reasons stays for these and loses this one.
   */
  private async withdraw(tx: Tx, who: Sql, fallen: Sql): Promise<void> {
    const open = sql`d.state = 'open' and ${fallen} and ${ofThese(who, sql`d.customer_id`)}`;
    const now = sql`${this.clock.now()}::timestamptz`;
    await this.blasts.takeBack(tx, sql`select d.blast_id, d.customer_id from care.due d where d.channel = 'sms' and ${open}`);
    await tx.run(sql`
      update care.due d set state = 'cancelled', closed_at = ${now} from messaging.v_recipient r
      where r.blast_id = d.blast_id and r.customer_id = d.customer_id and r.state = 'cancelled' and d.channel = 'sms' and ${open}`);
    const calls = await tx.rows<{ taskId: string; shared: boolean }>(sql`
      with fallen as (
        update care.due d set state = 'cancelled', closed_at = ${now} from calls.v_task t
        where t.id = d.task_id and t.state = 'open' and t.attempts = 0 and t.callback_at is null and ${open}
        returning d.rule_code, d.task_id)
      select distinct f.task_id as "taskId", exists (
        select from care.due o where o.task_id = f.task_id and o.state = 'open' and o.rule_code <> f.rule_code
        union all select from reporting.dispatch x where x.task_id = f.task_id and x.state = 'open') as shared
      from fallen f`);
    await this.tasks.callOff(
      tx,
      calls.flatMap(({ taskId, shared }) => (shared ? [] : taskId)),
      WITHDRAWN,
    );
    const shared = calls.flatMap((call) => (call.shared ? call.taskId : []));
    if (shared.length > 0)
      await tx.run(sql`update care.due d set task_id = null where d.state = 'cancelled' and d.task_id = any(${shared}::bigint[]) and ${fallen}`);
  }

  /** An attendance that was ticked by mistake keeps nothing. */
  private async openUnattended(tx: Tx, who: Sql): Promise<void> {
    const opened = await tx.rows<{ taskId: string | null }>(sql`
      update care.due d set state = 'open', done_by_event = null, closed_at = null
      where d.done_by_event is not null and ${ofThese(who, sql`d.customer_id`)}
        and not exists (select from (${ATTENDED}) t where t.event_id = d.done_by_event and t.customer_id = d.customer_id)
      returning d.task_id as "taskId"`);
    const tasks = opened.flatMap(({ taskId }) => taskId ?? []);
    await this.tasks.takeUp(tx, tasks, FULFILLED);
  }

  private async keepByAttendance(tx: Tx, who: Sql, { rule, settings }: { rule: CareRule; settings: Settings }): Promise<void> {
    const came = rule.countingAttendance?.(settings);
    if (!came) return;
    await tx.run(sql`
      update care.due d set state = 'done', done_by_event = v.event_id, closed_at = v.starts_at
      from (select distinct on (x.customer_id, x.cycle) x.customer_id, x.cycle, t.event_id, t.starts_at
            from care.due x join (${came}) t on t.customer_id = x.customer_id and t.starts_at >= platform.day_start(x.counts_from)
            where x.rule_code = ${rule.code} and x.channel = 'call' and x.state in ('open', 'not_reached') and ${ofThese(who, sql`x.customer_id`)}
            order by x.customer_id, x.cycle, t.starts_at, t.event_id) v
      where d.rule_code = ${rule.code} and d.customer_id = v.customer_id and d.cycle = v.cycle`);
  }

  private async keep(tx: Tx, who: Sql, { rule, settings }: { rule: CareRule; settings: Settings }): Promise<void> {
    const counts = rule.countingVisits?.(settings) ?? ownTask(rule);
    await tx.run(sql`
      update care.due d set state = 'done', done_by_attempt = v.id, closed_at = v.started_at
      from (select distinct on (x.customer_id, x.cycle) x.customer_id, x.cycle, a.id, a.started_at
            from care.due x join calls.v_attempt a on a.customer_id = x.customer_id and a.started_at >= platform.day_start(x.counts_from)
            where x.rule_code = ${rule.code} and x.channel = 'call' and x.state in ('open', 'not_reached') and ${ofThese(who, sql`x.customer_id`)} and ${counts}
            order by x.customer_id, x.cycle, a.started_at, a.id) v
      where d.rule_code = ${rule.code} and d.customer_id = v.customer_id and d.cycle = v.cycle`);
  }

  private async close(tx: Tx, who: Sql): Promise<void> {
    await this.oweAgain(tx, who);
    await tx.run(sql`
      update care.due d set state = case when t.state in ('cancelled', 'recycled') then 'cancelled' else 'not_reached' end,
             closed_at = coalesce(t.closed_at, ${this.clock.now()})
      from calls.v_task t
      where t.id = d.task_id and d.state = 'open' and t.state not in ('open', 'claimed') and ${ofThese(who, sql`d.customer_id`)}`);
  }

  /** What was told along in another reason's call, but before the first day that counts for it, is planned anew. */
  private async oweAgain(tx: Tx, who: Sql): Promise<void> {
    await tx.run(sql`
      update care.due d set state = 'cancelled', withdrawn = true, task_id = null, closed_at = coalesce(t.closed_at, ${this.clock.now()})
      from calls.v_task t join campaigns.v_campaign p on p.id = t.campaign_id
      where t.id = d.task_id and d.state = 'open' and t.state = 'done' and p.code <> d.rule_code and platform.day_of(t.closed_at) < d.counts_from
        and ${ofThese(who, sql`d.customer_id`)}`);
  }

  private async closeMessages(tx: Tx, who: Sql): Promise<void> {
    await this.closeReceived(tx, ofThese(who, sql`d.customer_id`));
    await tx.run(sql`
      update care.due d set state = 'not_reached', closed_at = ${this.clock.now()}
      where d.channel = 'sms' and d.state = 'open' and platform.day_of(${this.clock.now()}) - d.due_on > ${SILENT_DAYS}::int and ${ofThese(who, sql`d.customer_id`)}`);
  }

  /** A message that was sent once more and arrives then has kept the promise after all. */
  private async closeReceived(tx: Tx, which: Sql, lock: Sql = emptySql): Promise<void> {
    await tx.run(sql`
      update care.due o set state = e.state, closed_at = coalesce(e.finished_at, ${this.clock.now()})
      from (select d.rule_code, d.customer_id, d.cycle, m.finished_at, case when m.state = 'delivered' then 'done' else 'not_reached' end as state
            from care.due d cross join lateral (
              select r.state, r.finished_at from messaging.v_message r where r.customer_id = d.customer_id and r.blast_id = d.blast_id
              order by r.state = 'delivered' desc, r.id desc limit 1) m
            where d.channel = 'sms' and d.state in ('open', 'not_reached') and ${which}
              and m.state in ('delivered', 'undelivered', 'expired', 'rejected') and (d.state = 'open' or m.state = 'delivered') ${lock}) e
      where o.rule_code = e.rule_code and o.customer_id = e.customer_id and o.cycle = e.cycle`);
  }

  /** Nobody is called for what another call has settled. What was asked for by dispatch is settled only by a visit of its own kind. */
  private async callOff(tx: Tx, who: Sql): Promise<void> {
    const kept = await tx.rows<{ id: string }>(sql`
      select t.id from calls.v_task t
      where t.state = 'open' and not exists (
        select from reporting.dispatch x join campaigns.v_campaign p on p.id = x.campaign_id
        where x.task_id = t.id and x.state = 'open'
          and not exists (select from care.due d where d.task_id = t.id and d.rule_code = p.code and d.state = 'done'))
      and t.id in (
        select d.task_id from care.due d where d.task_id is not null and ${ofThese(who, sql`d.customer_id`)}
        group by d.task_id having bool_and(d.state <> 'open') and bool_or(d.state = 'done'))
      order by t.id`);
    await this.tasks.callOff(
      tx,
      kept.map(({ id }) => id),
      FULFILLED,
    );
  }
}
