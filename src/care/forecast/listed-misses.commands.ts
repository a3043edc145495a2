import { Injectable } from '@nestjs/common';
import type { Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import { level, type Room, type Want } from '../planning/level.policy.js';
import type { SimulationAsk } from './forecast.types.js';
import { SimulationGate } from './simulation-gate.commands.js';

interface Class extends Want {
  owner: string;
  until: Day;
}

/** Calls on lists whose promise can still be kept. */
const LISTED = rawSql(`create temp table care_listed (
  task_id bigint, customer_id bigint, line_id bigint, owner_id bigint, star smallint, from_on date, until_on date, reason text) on commit drop`);

/**
 * Who on the lists will be missed: what everybody owes is laid out once more over the days they have, whatever days it stands on now. What fits on no
 * day before its last one is said by name (CAR-1: nobody's period is missed, or it is known before).
 */
@Injectable()
export class ListedMisses {
  constructor(private readonly gate: SimulationGate) {}

  async find(tx: Tx, { today }: SimulationAsk): Promise<void> {
    await tx.run(LISTED);
    await tx.run(sql`
      insert into care_listed
      select t.id, t.customer_id, t.line_id, t.owner_id, b.star, greatest(${today}::date, least(min(d.deadline_on), max(d.counts_from))), min(d.deadline_on), null
      from calls.v_task t join care_book b on b.customer_id = t.customer_id
      join care.due d on d.task_id = t.id and d.state = 'open' and d.deadline_on >= ${today}::date
      where t.state in ('open', 'claimed')
      group by t.id, t.customer_id, t.line_id, t.owner_id, b.star`);
    await this.gate.judgeListed(tx);
    await tx.run(sql`
      update care_listed l set reason = 'no_manager'
      where l.reason is null and l.owner_id not in (select u.id from staff.v_user u where u.active and u.role = 'manager')`);
    await this.lackRoom(tx, today);
    await tx.run(sql`
      insert into care_miss
      select l.customer_id, l.owner_id, d.rule_code, d.cycle, l.star, l.from_on, d.deadline_on, l.reason, true
      from care_listed l join care.due d on d.task_id = l.task_id and d.state = 'open' and d.cycle <> 'never' and d.deadline_on >= ${today}::date
      where l.reason is not null`);
    await tx.run(rawSql('drop table care_listed'));
  }

  /** Calls with the same owner and window are alike, only their number is laid out: those with fewer stars are the ones left over. */
  private async lackRoom(tx: Tx, today: Day): Promise<void> {
    const classes = await tx.rows<Class>(sql`
      select owner_id as owner, from_on as "from", until_on as until, count(*)::int as count from care_listed
      where reason is null group by 1, 2, 3 order by 1, 2, 3`);
    const days = await tx.rows<Room & { owner: string }>(
      sql`select owner_id as owner, day, calls as room from care_rota where day >= ${today}::date and share > 0 order by owner_id, day`,
    );
    const overdue = await tx.rows<{ owner: string; count: number }>(sql`
      select t.owner_id as owner, count(*)::int as count from calls.v_task t join care_book b on b.customer_id = t.customer_id
      where t.state in ('open', 'claimed') and t.due_on < ${today}::date and not exists (select from care_listed l where l.task_id = t.id) group by 1`);
    const first = new Map(overdue.map(({ owner, count }) => [owner, count]));
    const rooms = byOwner(days);
    const short = [...byOwner(classes)].flatMap(([owner, own]) => shortOf(own, behind(rooms.get(owner) ?? [], first.get(owner) ?? 0)));
    if (short.length === 0) return;
    await tx.run(sql`
      update care_listed l set reason = 'no_capacity'
      from (select task_id, owner_id, from_on, until_on,
                   row_number() over (partition by owner_id, from_on, until_on order by star desc, task_id) as place from care_listed where reason is null) r
      join jsonb_to_recordset(${JSON.stringify(short)}::jsonb) as p(owner bigint, "from" date, until date, fits int)
        on p.owner = r.owner_id and p."from" = r.from_on and p.until = r.until_on and r.place > p.fits
      where l.task_id = r.task_id`);
  }
}

function byOwner<T extends { owner: string }>(rows: readonly T[]): Map<string, T[]> {
  const owners = new Map<string, T[]>();
  for (const row of rows) {
    const own = owners.get(row.owner);
    if (own) own.push(row);
    else owners.set(row.owner, [row]);
  }
  return owners;
}

/** The desk gives what is overdue before anything else (CAM-5). @returns the room it leaves */
function behind(days: readonly Room[], overdue: number): Room[] {
  let left = overdue;
  return days.map(({ day, room }) => {
    const taken = Math.min(room, left);
    left -= taken;
    return { day, room: room - taken };
  });
}

/** The classes of one owner of which not all fit, each with how many do. */
function shortOf(classes: readonly Class[], days: readonly Room[]): (Class & { fits: number })[] {
  const tooMany = new Map<number, number>();
  for (const { want, day, count, over } of level(classes, days)) {
    if (over || day > (classes[want]?.until ?? '')) tooMany.set(want, (tooMany.get(want) ?? 0) + count);
  }
  // without any day at work nothing is placed at all
  const left = (i: number, { count }: Class): number => (days.length === 0 ? count : (tooMany.get(i) ?? 0));
  return classes.map((one, i) => ({ ...one, fits: one.count - left(i, one) })).filter(({ count, fits }) => fits < count);
}
