import { addDays, atTime, type Day, dayStart } from '../kernel/day.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/** Names and benefits are invented. */
const PARTNER_OFFERS = [
  { partner: '金陵光影城', kind: 'cinema', benefit: '购票买一赠一', redeem: '购票时出示星级会员码', stars: [5, 6, 7], occasion: 'any' },
  { partner: '江畔加油站', kind: 'fuel', benefit: '每升减0.3元', redeem: '加油前报手机号', stars: [4, 5, 6, 7], occasion: 'member-day' },
  { partner: '秦淮小馆', kind: 'restaurant', benefit: '寿星免费长寿面', redeem: '到店出示身份证', stars: [3, 4, 5, 6, 7], occasion: 'birthday' },
  { partner: '快修驿站', kind: 'car-service', benefit: '免费洗车一次', redeem: '提前一天电话预约', stars: [6, 7], occasion: 'any' },
];

/** What partners give, a salon that was and one that comes, as planner1 keeps them. */
export async function writeCare(tx: Tx, today: Day): Promise<void> {
  const at = dayStart(addDays(today, -30));
  await tx.run(sql`
    insert into care.partner_offer (partner, kind, benefit, redeem, sentence, stars, occasion, valid_from, valid_until, org_unit_id, created_by, created_at)
    select p.partner, p.kind, p.benefit, p.redeem, p.partner || p.benefit || '。', p.stars, p.occasion, ${addDays(today, -30)}::date, ${addDays(today, 120)}::date,
           u.org_unit_id, u.id, ${at}
    from jsonb_to_recordset(${JSON.stringify(PARTNER_OFFERS)}::jsonb) as p(partner text, kind text, benefit text, redeem text, stars smallint[], occasion text)
    cross join (select id, org_unit_id from staff.app_user where username = 'planner1') u`);
  await writeEvent(tx, { title: '智能家居体验沙龙', kind: 'salon', day: addDays(today, -12), invitedOn: addDays(today, -18), over: true });
  await writeEvent(tx, { title: '星级客户年终答谢会', kind: 'customer-event', day: addDays(today, 11), invitedOn: addDays(today, -2), over: false });
}

interface DemoEvent {
  title: string;
  kind: 'salon' | 'customer-event';
  day: Day;
  invitedOn: Day;
  over: boolean;
}

/** Forty of the best customers, each with an answer by chance of their id. */
async function writeEvent(tx: Tx, { title, kind, day, invitedOn, over }: DemoEvent): Promise<void> {
  const invited = atTime(invitedOn, '10:30');
  await tx.run(sql`
    with made as (
      insert into care.event (kind, title, place, starts_at, ends_at, capacity, host_id, invite_by, org_unit_id, created_by, created_at)
      select ${kind}, ${title}, '中山路营业厅二楼', ${atTime(day, '14:00')}, ${atTime(day, '16:00')}, 60, u.id, 'call', u.org_unit_id, u.id, ${invited}
      from staff.app_user u where u.username = 'planner1' returning id, host_id),
    best as (
      select k.customer_id, k.line_id, c.manager_id, k.customer_id % 5 as chance from customers.v_customer c join customers.v_contact_line k on k.customer_id = c.id
      where c.status = 'active' and k.status = 'active' and c.star_level >= 5 order by c.star_level desc, c.id limit 40)
    insert into care.invitation (event_id, customer_id, line_id, added_by, added_at, invited_at, invited_by, answer, answer_by, answer_at,
                                 attended, attended_by, attended_at, result, result_by, result_at)
    select e.id, b.customer_id, b.line_id, e.host_id, ${invited}, ${invited}, e.host_id, x.answer, case when x.answer is not null then b.manager_id end,
           case when x.answer is not null then ${invited}::timestamptz + interval '4 hours' end,
           x.attended, case when x.attended is not null then e.host_id end, case when x.attended is not null then ${atTime(day, '16:00')}::timestamptz end,
           x.result, case when x.result is not null then e.host_id end, case when x.result is not null then ${atTime(day, '16:00')}::timestamptz end
    from made e cross join best b
    cross join lateral (select (array['yes', 'yes', 'maybe', 'no'])[b.chance + 1] as answer, case when ${over} and b.chance < 2 then b.chance = 0 end as attended,
      case when ${over} and b.chance = 0 then case when b.customer_id % 2 = 0 then 'intention' else 'none' end end as result) x`);
}
