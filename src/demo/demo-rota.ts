import { addDays, addMonths, type Day, monthOf, weekday } from '../kernel/day.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

const mondayAfter = (day: Day): Day => addDays(day, 8 - weekday(day));

/** What a rota looks like when people use it: leave with a deputy, a training morning, an on-site day, one who works on Saturdays. */
export async function writeRota(tx: Tx, now: Date, today: Day): Promise<void> {
  const next = mondayAfter(today);
  const absences = [
    { who: 'm07', from: next, to: addDays(next, 2), kind: 'leave', part: 'day', loss: 100, deputy: 'm08' },
    { who: 'm10', from: addDays(today, 1), to: addDays(today, 1), kind: 'training', part: 'morning', loss: 100, deputy: null },
    { who: 'm04', from: addDays(next, 3), to: addDays(next, 3), kind: 'on-site', part: 'day', loss: 100, deputy: null },
    { who: 'm11', from: addDays(next, 1), to: addDays(next, 1), kind: 'visit', part: 'day', loss: 50, deputy: null },
  ];
  await tx.run(sql`
    insert into calendar.absence (user_id, from_day, to_day, kind, part, loss_percent, deputy_id, noted_by, created_at)
    select u.id, a."from", a."to", a.kind, a.part, a.loss, d.id, s.id, ${now}
    from jsonb_to_recordset(${JSON.stringify(absences)}::jsonb) as a(who text, "from" date, "to" date, kind text, part text, loss smallint, deputy text)
    join staff.app_user u on u.username = a.who join staff.app_user s on s.username = 'supervisor1' left join staff.app_user d on d.username = a.deputy
    order by a."from", a.who`);
  await tx.run(sql`
    insert into calendar.rota_pattern (user_id, from_day, shares, set_by, set_at)
    select u.id, ${`${monthOf(today)}-01`}::date, '{0,100,100,100,100,100,0}'::smallint[], s.id, ${now}
    from staff.app_user u join staff.app_user s on s.username = 'supervisor1' where u.username = 'm12'`);
  const memberDay = `${monthOf(addMonths(today, 1))}-08`;
  const marks = [
    { kind: 'member-day', from: memberDay, to: memberDay, name: '会员日' },
    { kind: 'cold', from: addDays(today, 2), to: addDays(today, 4), name: '寒潮蓝色预警' },
  ];
  await tx.run(sql`
    insert into calendar.day_mark (kind, from_day, to_day, name, org_unit_id, noted_by, noted_at)
    select m.kind, m."from", m."to", m.name, p.org_unit_id, p.id, ${now}
    from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m(kind text, "from" date, "to" date, name text)
    join staff.app_user p on p.username = 'planner1'`);
}
