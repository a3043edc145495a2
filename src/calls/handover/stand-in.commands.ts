import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { HandingAround } from './hand-around.commands.js';
import { StandInPorts } from './stand-in.types.js';

/** When the morning ends, for half-day absences. */
const NOON_HOUR = 13;

/**
 * Somebody away is stood in for: what can be made on another day is put off; then tasks of the days without any share left, and of the others what does
 * not fit there any more, go to the deputy; a callback promised for a time of absence goes to the
 * deputy, else to the nearest supervisor, and keeps its minute. What is left afterwards comes back. Each move has its line in `calls.assignment`
 * (SYS-6, CAM-3). All of it may run any number of times.
 */
@Injectable()
export class StandIns {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
    private readonly ports: StandInPorts,
    private readonly around: HandingAround,
  ) {}

  /** For one absence, from the moment it is noted. @returns how many tasks moved */
  async take(absenceId: string): Promise<number> {
    const today = dayOf(this.clock.now());
    return this.db.tx(async (tx) => {
      const absence = await tx.maybe<{ userId: string }>(sql`select user_id as "userId" from calendar.v_absence where id = ${absenceId}`);
      if (!absence) return 0;
      for (const port of this.ports.puttingOff) await port.putOff(tx, absence.userId);
      return this.cover(tx, today, sql`a.id = ${absenceId}`);
    });
  }

  /** For one absence that was called off or cut short. @returns how many tasks came back */
  async giveBack(absenceId: string): Promise<number> {
    const today = dayOf(this.clock.now());
    return this.db.tx((tx) => this.moveBack(tx, today, sql`s.absence_id = ${absenceId}`));
  }

  /** Each morning: what has come due since for those who are away, and what is left of those who are back. */
  async ofDay(today: Day): Promise<void> {
    await this.db.tx(async (tx) => {
      await this.moveBack(tx, today, sql`true`);
      await this.cover(tx, today, sql`a.from_day <= ${today}`);
    });
  }

  /** A list was filled just now: what came to somebody away today goes on at once. */
  async ofNewList(): Promise<number> {
    const today = dayOf(this.clock.now());
    return this.db.tx((tx) => this.cover(tx, today, sql`a.from_day <= ${today}`));
  }

  /** To the deputies, and what has none by the rules of its list. */
  private async cover(tx: Tx, today: Day, which: Sql): Promise<number> {
    const deputised = await this.moveOut(tx, today, which);
    return deputised + (await this.around.of(tx, today, which, this.why('standin.away', sql`m`)));
  }

  private async moveOut(tx: Tx, today: Day, which: Sql): Promise<number> {
    const { until } = await tx.one<{ until: Day | null }>(
      sql`select max(a.to_day) as until from calendar.v_absence a where a.to_day >= ${today} and ${which}`,
    );
    if (!until) return 0;
    return tx.run(sql`
      with away as (
        select a.id, a.user_id, a.noted_by, a.part, a.loss_percent, a.from_day, a.to_day, u.name,
               (select d.id from staff.v_user d where d.id = a.deputy_id and d.active) as deputy_id,
               (select s.id from staff.v_user s where s.role = 'supervisor' and s.active and starts_with(u.org_path, s.org_path)
                order by length(s.org_path) desc, s.id limit 1) as supervisor_id
        from calendar.v_absence a join staff.v_user u on u.id = a.user_id
        where a.to_day >= ${today} and ${which}),
      rota as (
        select r.user_id, r.day, r.share from calendar.v_rota(${today}, ${until}) r
        where r.user_id in (select user_id from away union select deputy_id from away)),
      moving as (
        select distinct on (t.id) t.id, t.owner_id as from_owner, a.id as absence_id, a.name, a.from_day, a.to_day, a.noted_by,
               case when deputy.share > 0 then a.deputy_id when t.callback_at is not null then a.supervisor_id end as to_owner
        from away a
        join calls.task t on t.owner_id = a.user_id and t.state in ('open', 'claimed')
        cross join lateral (select greatest(coalesce(platform.day_of(t.callback_at), t.due_on), ${today}::date) as day) w
        join rota own on own.user_id = a.user_id and own.day = w.day
        left join rota deputy on deputy.user_id = a.deputy_id and deputy.day = w.day
        where w.day between a.from_day and a.to_day
          and case when t.callback_at is null then own.share = 0 or t.over_capacity
                   else a.loss_percent = 100 and (a.part = 'day' or
                        (a.part = 'morning') = (extract(hour from t.callback_at at time zone 'Asia/Shanghai') < ${NOON_HOUR}::int)) end
        order by t.id, to_owner nulls last, a.id),
      moved as (
        update calls.task t set owner_id = m.to_owner from moving m
        where t.id = m.id and t.owner_id = m.from_owner and m.to_owner <> m.from_owner and t.state in ('open', 'claimed')
        returning t.id)
      insert into calls.assignment (task_id, from_owner, to_owner, by_user, at, why, absence_id)
      select m.id, m.from_owner, m.to_owner, m.noted_by, ${this.clock.now()}::timestamptz, ${this.why('standin.away', sql`m`)}, m.absence_id
      from moving m join moved d on d.id = m.id`);
  }

  /** Unless somebody has handed the task over by hand in between: then it stays where it was put. */
  private moveBack(tx: Tx, today: Day, which: Sql): Promise<number> {
    return tx.run(sql`
      with back as (
        select distinct on (t.id) t.id, s.from_owner, s.to_owner, s.absence_id, u.name
        from calls.assignment s
        join calls.task t on t.id = s.task_id and t.owner_id = s.to_owner and t.state in ('open', 'claimed')
        join staff.v_user u on u.id = s.from_owner and u.active
        where s.absence_id is not null and not s.back and ${which}
          and not exists (select from calendar.v_absence a where a.id = s.absence_id and a.to_day >= ${today})
          and not exists (select from calls.assignment l where l.task_id = s.task_id and l.id > s.id
                          and (l.absence_id is null and l.from_owner <> l.to_owner or l.absence_id = s.absence_id and l.back))
        order by t.id, s.id desc),
      moved as (
        update calls.task t set owner_id = b.from_owner from back b
        where t.id = b.id and t.owner_id = b.to_owner and t.state in ('open', 'claimed') returning t.id)
      insert into calls.assignment (task_id, from_owner, to_owner, at, why, absence_id, back)
      select b.id, b.to_owner, b.from_owner, ${this.clock.now()}::timestamptz, ${this.why('standin.back', sql`b`)}, b.absence_id, true
      from back b join moved d on d.id = b.id`);
  }

  /** The line in the history of a task, in the house's own language, filled from a row that has name and, where the sentence asks, days. */
  private why(key: 'standin.away' | 'standin.back', row: Sql): Sql {
    const named = sql`replace(${this.catalogue.t('zh', key)}::text, '{name}', ${row}.name)`;
    if (key === 'standin.back') return named;
    return sql`replace(replace(${named}, '{from}', ${row}.from_day::text), '{to}', ${row}.to_day::text)`;
  }
}
