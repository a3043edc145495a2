import { type Sql, sql } from '../../platform/database/sql.js';
import { ago, choice, day, type Field, flag, named, part, whole, word } from './field-kinds.policy.js';

const onLine = (field: Field): Field => ({ ...field, line: true });

/** An attempt since then; its id is made from the moment of contact, so the index of the customer's attempts answers. */
const attempt = (what: Sql): Field =>
  ago(
    ({ instant }) =>
      sql`exists (select from reporting.reach r where r.customer_id = c.id and r.attempt_id >= platform.uuid_floor(${instant}::timestamptz) and ${what})`,
  );

/** A touch of the ledger that took place, ours or reported by another system. */
const touch = (what: Sql): Field =>
  ago(
    ({ instant }) =>
      sql`exists (select from contact.v_touch t where t.customer_id = c.id and t.id >= platform.uuid_floor(${instant}::timestamptz)
        and t.state in ('confirmed', 'history') and ${what})`,
  );

/** What the newest month of use says that says anything, over `p`; of several lines the one with most. */
const ofNewestMonth = (figure: Sql): Field =>
  whole(
    sql`(select ${figure} from customers.v_package_use p where p.customer_id = c.id and ${figure} is not null order by p.month desc, ${figure} desc limit 1)`,
    0,
    1_000_000_000,
  );

/** `least` would take the limit for what is not known: hence the case. */
const percent = (used: Sql, of: Sql): Sql =>
  sql`(case when ${of} > 0 and ${used} is not null then least(floor(100.0 * ${used} / ${of}), 1000000)::int end)`;

/**
 * Every fact a filter may ask for, in the order of the page: one line a field. Nothing else ever reaches SQL; facts that no feed delivers
 * yet are not offered. Names stand in the catalogues under `segments.field.<name>`.
 */
export const FIELDS: Readonly<Record<string, Field>> = {
  starLevel: whole(sql`c.star_level`, 0, 7),
  tier: choice(sql`c.tier`, ['diamond', 'gold', 'silver', 'member', 'ordinary']),
  class: choice(sql`c.class`, ['individual', 'household', 'enterprise']),
  gender: choice(sql`c.gender`, ['male', 'female']),
  status: choice(sql`c.status`, ['active', 'suspended', 'churned']),
  province: word(sql`c.province`),
  city: word(sql`c.city`),
  district: word(sql`c.district`),
  birthMonth: whole(sql`c.birth_month`, 1, 12),
  joinedOn: day(sql`c.joined_on`),
  smsConsent: flag(sql`c.sms_consent`),
  callConsent: flag(sql`c.call_consent`),
  manager: {
    ...word(sql`c.manager_id`),
    kind: 'named',
    condition: (op, names) => {
      if (op === 'known') return sql`c.manager_id is not null`;
      if (op === 'unknown') return sql`c.manager_id is null`;
      return sql`c.manager_id = any(array(select u.id from staff.v_user u where lower(u.username) = any(select lower(m) from unnest(${names}::text[]) m)))`;
    },
  },
  package: onLine(word(sql`l.package`)),
  arpuFen: onLine(whole(sql`l.arpu_fen`, 0, 2_000_000_000)),
  contractEnd: onLine(day(sql`(select x.contract_end from customers.v_line x where x.id = l.line_id)`)),
  dataUsedPercent: ofNewestMonth(percent(sql`p.data_used_mb`, sql`p.data_quota_mb`)),
  voiceUsedPercent: ofNewestMonth(percent(sql`p.voice_used_min`, sql`p.voice_quota_min`)),
  extraFeeFen: ofNewestMonth(sql`p.extra_fee_fen`),
  billFen: whole(
    sql`(select b.amount_fen from customers.v_bill b where b.customer_id = c.id order by b.month desc, b.amount_fen desc limit 1)`,
    0,
    2_000_000_000,
  ),
  healthTier: choice(sql`(select h.tier from reporting.customer_health h where h.customer_id = c.id)`, ['healthy', 'sub-healthy', 'high-risk']),
  churnScore: whole(sql`(select v.percent from reporting.churn_score v where v.customer_id = c.id)`, 0, 100),
  reached: attempt(sql`r.effective`),
  connected: attempt(sql`r.connected`),
  called: attempt(sql`r.channel = 'call'`),
  visited: attempt(sql`r.visit`),
  converted: attempt(sql`r.converted`),
  touched: touch(sql`true`),
  messaged: touch(sql`t.channel = 'sms'`),
  promoted: ago(
    ({ day: since }) =>
      sql`exists (select from customers.v_star_change x where x.customer_id = c.id and x.new_star > x.old_star and x.changed_on >= ${since}::date)`,
  ),
  returned: ago(
    ({ day: since }) => sql`exists (select from customers.v_roaming_use x where x.customer_id = c.id and x.returned_on >= ${since}::date)`,
  ),
  segment: named(
    (codes, { orgPath }) => sql`
      c.id in (select m.customer_id from segments.v_member m
        where m.segment_id = any(array(select s.id from segments.v_segment s join staff.v_org_unit so on so.id = s.org_unit_id
          where s.code = any(${codes}::text[]) and (starts_with(so.path, ${orgPath}::text) or starts_with(${orgPath}::text, so.path)))))`,
  ),
  campaign: named(
    (codes, { orgPath }) => sql`
      c.id in (select k.customer_id from reporting.task_state k
        where k.campaign_id = any(array(select p.id from reporting.campaign p
          where p.code = any(${codes}::text[]) and (starts_with(p.org_path, ${orgPath}::text) or starts_with(${orgPath}::text, p.org_path)))))`,
  ),
  part: part((name) => sql`((('x' || left(md5(${name}::text || ':' || c.id), 8))::bit(32)::bigint) % 10000)`),
};

export const FIELD_NAMES = Object.keys(FIELDS);

export const fieldOf = (name: unknown): Field | undefined => (typeof name === 'string' && Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined);
