import { Injectable } from '@nestjs/common';
import { ContactSets } from '../../contact/contact-sets.commands.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { RetentionSettingsQueries } from '../setup/settings.queries.js';
import type { RetentionSettings } from '../setup/settings.policy.js';
import { CaseTasks } from './case-tasks.commands.js';
import { STRATEGY_FOR, SCORE_OF, VALUE_OF } from './case-facts.queries.js';
import { FOLLOW_UP_DAYS } from './case.types.js';
import { StoppingCommands } from './stopping.commands.js';

/** A hold-out is drawn once for good: the same customers, whichever source finds them. */
const DRAW = 'retention';

/** Opens cases for signs of leaving, set-based: one a customer, each with its strategy, its days of follow-up and its first call (RET-1). */
@Injectable()
export class OpeningCommands {
  constructor(
    private readonly clock: Clock,
    private readonly settings: RetentionSettingsQueries,
    private readonly contact: ContactSets,
    private readonly stopping: StoppingCommands,
    private readonly tasks: CaseTasks,
  ) {}

  /** Two at once would both open a case for one customer. */
  async lock(tx: Tx): Promise<void> {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('retention.opening'))`);
  }

  /** Looks at every sign nobody has looked at. @returns how many cases were opened */
  async open(tx: Tx): Promise<number> {
    const settings = await this.settings.current(tx);
    await this.stopping.stop(tx);
    await this.join(tx);
    await this.judge(tx, settings);
    const opened = await this.write(tx, settings);
    if (opened === 0) return 0;
    await tx.run(sql`analyze case_opened`);
    await this.follow(tx);
    await this.contact.protect(
      tx,
      sql`select k.customer_id, 'retention' as kind, k.no as ref, 'retention' as source
          from retention.churn_case k where k.id in (select case_id from case_opened) and k.state = 'open'`,
    );
    await this.tasks.plan(tx, sql`k.id in (select case_id from case_opened)`);
    await tx.run(sql`drop table case_opened`);
    return opened;
  }

  /** Signs of customers who have a case stand beside the others. */
  private async join(tx: Tx): Promise<void> {
    await tx.run(sql`
      with joined as (
        update retention.sign s set became = 'joined', case_id = k.id from retention.churn_case k
        where s.became is null and k.customer_id = s.customer_id and k.state in ('open', 'talking')
        returning k.id, k.state, s.source_code, s.text, s.noted_by)
      insert into retention.entry (case_id, at, by_user, deed, state, target, note)
      select id, ${this.clock.now()}, noted_by, 'sign', state, source_code, text from joined`);
  }

  /** Says of each sign that opens no case why. */
  private async judge(tx: Tx, { staleDays, quietDays }: RetentionSettings): Promise<void> {
    const now = this.clock.now();
    const earlier = (more: Sql): Sql => sql`exists (select from retention.churn_case k where k.customer_id = s.customer_id and ${more})`;
    await tx.run(sql`
      update retention.sign s set became = j.became
      from (
        select s.id, case
          when exists (select from contact.v_protection p where p.customer_id = s.customer_id and p.kind = 'porting') then 'porting'
          when c.status = 'churned' then 'churned'
          when not r.enabled then 'off'
          when s.intent_id is not null and s.noted_on < ${dayOf(now)}::date - ${staleDays}::int then 'stale'
          when r.draws and ${earlier(sql`k.state = 'held_out' and k.opened_at > ${now}::timestamptz - interval '90 days'`)} then 'left_alone'
          when s.intent_id is null and s.noted_by is null and ${earlier(sql`k.opened_at > ${now}::timestamptz - make_interval(days => ${quietDays}::int)`)} then 'quiet'
          when s.intent_id is not null and ${earlier(sql`k.state <> 'held_out' and k.closed_at is not null and platform.day_of(k.closed_at) > s.noted_on`)} then 'quiet'
        end as became
        from retention.sign s join retention.source r on r.code = s.source_code join customers.v_customer c on c.id = s.customer_id
        where s.became is null) j
      where s.id = j.id and j.became is not null`);
  }

  /** One case a customer, by the strongest of the signs; the others stand beside it. */
  private async write(tx: Tx, { firstCallHours, holdOutPercent }: RetentionSettings): Promise<number> {
    const now = this.clock.now();
    await tx.run(sql`create temp table case_opened (case_id bigint primary key, customer_id bigint) on commit drop`);
    return tx.run(sql`
      with strongest as (
        select distinct on (s.customer_id) s.customer_id, s.line_id, s.source_code, s.text, s.noted_by, r.draws, r.likelihood,
               r.draws and campaigns.bucket(${DRAW}::text, s.customer_id) < ${holdOutPercent * 100}::int as held_out
        from retention.sign s join retention.source r on r.code = s.source_code
        where s.became is null order by s.customer_id, r.likelihood desc, r.sort, s.id),
      weighed as (
        select x.*, c.star_level, c.city, c.org_unit_id, ${SCORE_OF} as told, ${VALUE_OF} as value_fen, ${codeOf('reason')} as reason_code, ${codeOf('direction')} as direction_code
        from strongest x join customers.v_customer c on c.id = x.customer_id),
      made as (
        insert into retention.churn_case (customer_id, line_id, source_code, reason_code, direction_code, state, opened_at, opened_by, call_by, drawn, held_out, star, city,
                                          org_unit_id, score, scored, value_fen, strategy_id)
        select x.customer_id, x.line_id, x.source_code, x.reason_code, x.direction_code, case when x.held_out then 'held_out' else 'open' end, ${now}, x.noted_by,
               ${now}::timestamptz + make_interval(hours => ${firstCallHours}::int), x.draws, x.held_out, x.star_level, x.city, x.org_unit_id,
               coalesce(x.told, x.likelihood), x.told is not null, x.value_fen, ${STRATEGY_FOR}
        from weighed x order by coalesce(x.told, x.likelihood) * x.value_fen desc, x.customer_id
        returning id, customer_id, state, opened_by, source_code),
      told as (
        update retention.sign s set became = case when s.source_code = m.source_code then 'opened' else 'joined' end, case_id = m.id
        from made m where s.customer_id = m.customer_id and s.became is null),
      entered as (
        insert into retention.entry (case_id, at, by_user, deed, state, target) select id, ${now}, opened_by, 'open', state, source_code from made)
      insert into case_opened select id, customer_id from made`);
  }

  private async follow(tx: Tx): Promise<void> {
    await tx.run(sql`
      insert into retention.follow_up (case_id, days, due_on)
      select k.id, d.days, platform.day_of(k.opened_at) + d.days
      from retention.churn_case k cross join unnest(${[...FOLLOW_UP_DAYS]}::smallint[]) d(days)
      where k.id in (select case_id from case_opened)`);
  }
}

/** What a text lets suppose; people correct it once they have asked. */
const codeOf = (table: 'reason' | 'direction'): Sql => sql`(
  select r.code from ${table === 'reason' ? sql`retention.reason` : sql`retention.direction`} r
  cross join lateral (select retention.matched(coalesce(x.text, ''), r.words) as weight) w
  where r.enabled and w.weight > 0 order by w.weight desc, r.sort limit 1)`;
