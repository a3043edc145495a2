import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PuttingOff, StandInPorts } from '../../calls/handover/stand-in.types.js';
import { TasksCommands, UNTOUCHED } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { takesLonger } from '../../platform/database/reading.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { Room } from './level.policy.js';
import { countsFrom, PlaceCalls, TASKS } from './place-calls.commands.js';
import { ForeseenMisses } from './foreseen-misses.commands.js';
import { PLAN_AHEAD_DAYS } from './plan.types.js';
import { type Crowded, type Move, relieve } from './crowded-days.policy.js';
import { layOutRota, ROTA } from './rota.tables.js';

/**
 * Gives untouched care calls another day where theirs has no room for them any more: somebody is away, a day is off, another manager has taken them over,
 * or there were too many all along. They move to a later day within their promise, before a deputy is asked; what finds none stays, is flagged, and is
 * foreseen to be missed unless somebody stands in (CAR-1, SYS-6). What has been tried, is held or is promised back stays where it is. A second time nothing moves.
 */
@Injectable()
export class CrowdedDays extends PuttingOff implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tasks: TasksCommands,
    private readonly placing: PlaceCalls,
    private readonly misses: ForeseenMisses,
    private readonly ports: StandInPorts,
  ) {
    super();
  }

  onModuleInit(): void {
    this.ports.register(this);
  }

  async putOff(tx: Tx, userId: string): Promise<void> {
    await this.relieveIn(tx, [userId]);
  }

  /** @param owners ids of managers. @returns what moved */
  relieve(owners: readonly string[]): Promise<Move[]> {
    return this.db.tx((tx) => this.relieveIn(tx, owners));
  }

  private async relieveIn(tx: Tx, owners: readonly string[]): Promise<Move[]> {
    await this.tasks.lockPlanning(tx);
    const moves = await this.moves(tx, owners);
    const days = sql`(
      select m."taskId" as task_id, m.day as due_on, m.over as over_capacity
      from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as m("taskId" bigint, day date, over boolean))`;
    await this.tasks.moveDays(tx, sql`select * from ${days} m`);
    await this.note(tx, days);
    await this.misses.update(tx, moves);
    return moves.filter(({ from, day }) => from !== day);
  }

  /** Promises go with their call, and say why. */
  private async note(tx: Tx, days: Sql): Promise<void> {
    await tx.run(sql`
      with told as (
        update care.due d set due_on = m.due_on, counts_from = ${countsFrom('d', sql`m.due_on`)} from ${days} m join calls.v_task t on t.id = m.task_id and t.due_on = m.due_on
        where d.task_id = m.task_id and d.state = 'open' and d.due_on <> m.due_on
        returning d.customer_id, d.rule_code, d.cycle)
      insert into care.replan (customer_id, rule_code, cycle, why, at) select customer_id, rule_code, cycle, 'load', ${this.clock.now()} from told`);
  }

  /** What {@link relieve} would do now; nothing is written. */
  preview(owners: readonly string[]): Promise<Move[]> {
    takesLonger();
    return this.db.tx((tx) => this.moves(tx, owners));
  }

  private async moves(tx: Tx, owners: readonly string[]): Promise<Move[]> {
    if (owners.length === 0) return [];
    const today = dayOf(this.clock.now());
    const crowded = await this.crowded(tx, today, owners);
    if (crowded.length === 0) return [];
    const byOwner = new Map<string, Crowded[]>();
    for (const one of crowded) byOwner.set(one.owner, [...(byOwner.get(one.owner) ?? []), one]);
    const rooms: Map<string, Room[]> = await this.placing.rooms(tx, today, { owners: [...byOwner.keys()], booked: TASKS });
    return [...byOwner].flatMap(([owner, calls]) => relieve(calls, rooms.get(owner) ?? []));
  }

  /**
   * The untouched calls beyond what their owner can make of the day, the best stars and the nearest deadlines left in place; and those that are flagged
   * without need.
   */
  private async crowded(tx: Tx, today: Day, owners: readonly string[]): Promise<Crowded[]> {
    const until = addDays(today, PLAN_AHEAD_DAYS);
    await layOutRota(tx, today, until);
    return tx.rows<Crowded>(sql`
      with room as (
        select r.user_id, r.day, case when d.closed_festival is null then r.calls else 0 end as calls, coalesce(e.share, 0) > 0 as stood_in
        from ${ROTA} r join calendar.v_day d on d.day = r.day
        left join ${ROTA} e on e.user_id = r.deputy_id and e.day = r.day
        where r.user_id = any(${owners}::bigint[])),
      placed as (
        select t.id, t.owner_id, t.due_on, t.deadline_on, t.star, t.over_capacity, ${UNTOUCHED} as free,
               row_number() over (partition by t.owner_id, t.due_on order by ${UNTOUCHED}, t.deadline_on, t.star desc, t.id) as place
        from calls.v_task t join campaigns.v_campaign p on p.id = t.campaign_id and p.standing
        where t.owner_id = any(${owners}::bigint[]) and t.due_on between ${today}::date and ${until}::date and t.state not in ('cancelled', 'recycled'))
      select t.id as "taskId", t.owner_id as owner, t.due_on as day, t.deadline_on as deadline, t.place > m.calls as crowded,
             m.stood_in as "stoodIn"
      from placed t join room m on m.user_id = t.owner_id and m.day = t.due_on
      where t.free and (t.place > m.calls or t.over_capacity and t.due_on <= t.deadline_on)
      order by t.owner_id, t.due_on, t.deadline_on, t.star desc, t.id`);
  }
}
