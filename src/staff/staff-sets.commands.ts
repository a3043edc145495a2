import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { endLogins } from './login/end-logins.js';
import { CapacityChanged } from './staff.events.js';

/** Rows of a list that are refused, by the column at fault. */
export interface RefusedPeople {
  column: string;
  /** org_unit_unknown · user_elsewhere · own_account · last_admin · agent_no_taken */
  reason: string;
  /** A select of `row_number`. */
  rows: Sql;
}

export interface MergedPeople {
  created: number;
  updated: number;
}

/** Everybody with their unit, programs too. */
const ACCOUNT = sql`(
  select u.id, u.username, u.role, u.technical, u.active, o.path as org_path, o.code as org_unit from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id)`;

/** What administrators do with many people at once, by the rules of {@link StaffCommands}. */
@Injectable()
export class StaffSets {
  constructor(
    private readonly clock: Clock,
    private readonly events: Events,
  ) {}

  /**
   * Whom a list may not add or change. Administrators are held until the transaction ends, as when one of them is changed by hand.
   * @param people a select of row_number, username, role, org_unit (its code), agent_no, active; each username once, whatever its case
   * @param by who hands in the list
   */
  async refused(tx: Tx, people: Sql, by: { id: string; orgPath: string }): Promise<RefusedPeople[]> {
    await tx.run(sql`select id from staff.app_user where role = 'admin' and active order by id for update`);
    const known = sql`select s.row_number from (${people}) s join ${ACCOUNT} u on lower(u.username) = lower(s.username)`;
    return [
      {
        column: 'org_unit',
        reason: 'org_unit_unknown',
        rows: sql`select s.row_number from (${people}) s where not exists (
          select from staff.org_unit o where o.code = s.org_unit and o.active and starts_with(o.path, ${by.orgPath}))`,
      },
      { column: 'username', reason: 'user_elsewhere', rows: sql`${known} where u.technical or not starts_with(u.org_path, ${by.orgPath})` },
      {
        column: 'username',
        reason: 'own_account',
        rows: sql`${known} where u.id = ${by.id} and (s.role <> u.role or s.org_unit <> u.org_unit or s.active is false)`,
      },
      {
        // who hands it in is an administrator and stays one; not so whoever was switched off before it was read
        column: 'username',
        reason: 'last_admin',
        rows: sql`${known} where u.role = 'admin' and u.active and (s.role <> 'admin' or s.active is false)
          and not exists (select from staff.app_user a where a.id = ${by.id} and a.role = 'admin' and a.active)`,
      },
      {
        column: 'agent_no',
        reason: 'agent_no_taken',
        rows: sql`select s.row_number from (${people}) s where
          exists (select from staff.app_user u where u.agent_no = s.agent_no and lower(u.username) <> lower(s.username))
          or exists (select from (${people}) e where e.agent_no = s.agent_no and e.row_number < s.row_number)`,
      },
    ];
  }

  /**
   * Adds who is not there, without a password, and changes what differs; null changes nothing. Whoever is switched off is out at once.
   * @param people a select of username, name, role, org_unit, agent_no, daily_capacity, active, none of them {@link refused}
   */
  async merge(tx: Tx, people: Sql, actorId: string): Promise<MergedPeople> {
    await tx.run(sql`create temporary table staff_row on commit drop as
      select r.*, o.id as org_unit_id from (${people}) r join staff.org_unit o on o.code = r.org_unit`);
    await tx.run(sql`
      create temporary table staff_made on commit drop as
      with made as (
        insert into staff.app_user (username, name, role, org_unit_id, created_at)
        select r.username, r.name, r.role, r.org_unit_id, ${this.clock.now()} from staff_row r
        where not exists (select from staff.app_user u where lower(u.username) = lower(r.username)) returning id)
      select id from made`);
    await this.change(tx);
    await this.shutOut(tx);
    await this.tell(tx);
    await this.note(tx, actorId);
    return tx.one<MergedPeople>(sql`
      select (select count(*)::int from staff_made) as created, count(*)::int as updated from staff_changed where id not in (select id from staff_made)`);
  }

  /** Into `staff_changed`: whose, which fields, and who was switched off. */
  private async change(tx: Tx): Promise<void> {
    await tx.run(sql`
      create temporary table staff_changed on commit drop as
      with wanted as (
        select u.id, r.name, r.role, r.org_unit_id, coalesce(r.agent_no, u.agent_no) as agent_no, coalesce(r.phone, u.phone) as phone, coalesce(r.daily_capacity, u.daily_capacity) as daily_capacity,
               coalesce(r.active, u.active) as active, u.active as was_active, array_remove(array[
                 case when r.name <> u.name then 'name' end, case when r.role <> u.role then 'role' end, case when r.org_unit_id <> u.org_unit_id then 'orgUnitId' end,
                 case when r.agent_no is distinct from u.agent_no and r.agent_no is not null then 'agentNo' end,
                 case when r.phone is distinct from u.phone and r.phone is not null then 'phone' end,
                 case when r.daily_capacity <> u.daily_capacity then 'dailyCapacity' end, case when r.active <> u.active then 'active' end], null) as fields
        from staff_row r join staff.app_user u on lower(u.username) = lower(r.username)
      ), changed as (
        update staff.app_user u set name = w.name, role = w.role, org_unit_id = w.org_unit_id, agent_no = w.agent_no, phone = w.phone, daily_capacity = w.daily_capacity, active = w.active
        from wanted w where u.id = w.id and cardinality(w.fields) > 0 returning u.id, w.fields, w.was_active and not u.active as switched_off
      ) select * from changed`);
  }

  private shutOut(tx: Tx): Promise<void> {
    return endLogins(tx, sql`(select id from staff_changed where switched_off)`, this.clock.now());
  }

  private async tell(tx: Tx): Promise<void> {
    const people = await tx.rows<{ id: string }>(sql`select id from staff_changed where 'dailyCapacity' = any(fields) order by id`);
    if (people.length > 0) await this.events.publish(tx, CapacityChanged, { userIds: people.map(({ id }) => id) });
  }

  private async note(tx: Tx, actorId: string): Promise<void> {
    await tx.run(sql`
      insert into staff.audit_entry (at, actor_id, actor, action, object_type, object_id, detail)
      select ${this.clock.now()}, a.id, a.username, case when m.id is null then 'user.changed' else 'user.created' end, 'user', u.id::text,
             jsonb_build_object('username', u.username, 'by', 'feed:users')
             || case when m.id is null then jsonb_build_object('fields', c.fields) else jsonb_build_object('role', u.role, 'orgUnit', u.org_unit) end
      from staff_made m full join staff_changed c on c.id = m.id join ${ACCOUNT} u on u.id = coalesce(m.id, c.id), staff.app_user a where a.id = ${actorId}`);
  }
}
