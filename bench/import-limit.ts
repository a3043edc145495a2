import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export interface Loaded {
  read: number;
  kept: number;
  rejected: number;
}

/** Text of a number in any of the usual spellings → E.164, or null. */
const PHONE = `
  case when phone ~ '^1[3-9][0-9]{9}$' then '+86' || phone
       when regexp_replace(phone, '[ +-]', '', 'g') ~ '^(86)?1[3-9][0-9]{9}$' then '+86' || right(regexp_replace(phone, '[ +-]', '', 'g'), 11) end`;

/** What an expert types into psql for this file, whose initials somebody has worked out before, by hand: everything in one session, on the product's own tables with all their indexes. */
const CUSTOMERS = [
  `create temp table typed as
   select n, phone as written, ${PHONE} as phone, btrim(name) as name, initials,
          case btrim(gender) when '男' then 'male' when '女' then 'female' end as gender, gender as gender_text,
          case when star ~ '^[0-7]$' then star::smallint end as star, star as star_text, btrim(city) as city, btrim(plan) as plan,
          case when pg_input_is_valid(arpu, 'numeric') then (arpu::numeric * 100)::integer end as arpu_fen, arpu as arpu_text,
          case when pg_input_is_valid(birthday, 'date') then birthday::date end as birthday, birthday as birthday_text,
          case when pg_input_is_valid(joined, 'date') then joined::date end as joined_on, joined as joined_text,
          case consent when '是' then true when '否' then false end as consent, consent as consent_text
   from raw`,
  `create temp table bad as
   select n, e.* from typed t
   cross join lateral (
     select '手机号码' as col, t.written as value, '号码不对' as reason where t.phone is null
     union all select '性别', t.gender_text, '只能是男或女' where t.gender is null and t.gender_text <> ''
     union all select '星级', t.star_text, '只有0到7' where t.star is null and t.star_text <> ''
     union all select 'ARPU', t.arpu_text, '不是金额' where t.arpu_fen is null and t.arpu_text <> ''
     union all select '生日', t.birthday_text, '没有这一天' where t.birthday is null and t.birthday_text <> ''
     union all select '入网日期', t.joined_text, '没有这一天' where t.joined_on is null and t.joined_text <> ''
     union all select '营销外呼同意', t.consent_text, '只能是是或否' where t.consent is null and t.consent_text <> ''
     union all select '姓名', t.name, '太长' where length(t.name) > 100) e`,
  'analyze typed',
  'analyze bad',
  `create temp table ready as
   select d.*, coalesce(l.customer_id, nextval('customers.customer_id_seq')) as customer_id
   from (select distinct on (phone) * from typed where n not in (select n from bad) order by phone, n desc) d
   left join customers.line l on l.number = d.phone`,
  'analyze ready',
  `insert into customers.customer as c
     (id, name, name_initials, gender, star_level, city, birth_year, birth_month, birth_day, joined_on, call_consent, org_unit_id, created_at, updated_at)
   overriding system value
   select customer_id, name, initials, gender, coalesce(star, 0), city, extract(year from birthday), extract(month from birthday), extract(day from birthday),
          joined_on, consent, (select id from staff.org_unit where parent_id is null), now(), now()
   from ready
   on conflict (id) do update
   set name = excluded.name, name_initials = excluded.name_initials, gender = excluded.gender, star_level = excluded.star_level, city = excluded.city, birth_year = excluded.birth_year,
       birth_month = excluded.birth_month, birth_day = excluded.birth_day, joined_on = excluded.joined_on, call_consent = excluded.call_consent, updated_at = now()
   where (c.name, c.gender, c.star_level, c.city, c.birth_year, c.birth_month, c.birth_day, c.joined_on, c.call_consent)
      is distinct from (excluded.name, excluded.gender, excluded.star_level, excluded.city, excluded.birth_year, excluded.birth_month, excluded.birth_day,
                        excluded.joined_on, excluded.call_consent)`,
  `insert into customers.line as l (customer_id, number, package, arpu_fen, created_at, updated_at)
   select customer_id, phone, plan, arpu_fen, now(), now() from ready
   on conflict (number) do update set package = excluded.package, arpu_fen = excluded.arpu_fen, updated_at = now()
   where (l.package, l.arpu_fen) is distinct from (excluded.package, excluded.arpu_fen)`,
];

const SEGMENT = [
  `create temp table typed as select n, phone as written, ${PHONE} as phone, jsonb_build_object('推荐套餐', plan, '优先级', rank) as attributes from raw`,
  'analyze typed',
  `create temp table bad as
   select n, '手机号码' as col, written as value, case when phone is null then '号码不对' else '没有这个客户' end as reason
   from typed t where phone is null or not exists (select from customers.line l where l.number = t.phone)`,
  'analyze bad',
  `insert into segments.segment (code, name, org_unit_id, created_at, updated_at)
   select 'by-hand', '基准', id, now(), now() from staff.org_unit where parent_id is null`,
  `insert into segments.member as m (segment_id, line_id, customer_id, attributes, added_at)
   select (select id from segments.segment where code = 'by-hand'), l.id, l.customer_id, d.attributes, now()
   from (select distinct on (phone) * from typed where n not in (select n from bad) order by phone, n desc) d join customers.line l on l.number = d.phone
   on conflict (segment_id, line_id) do update set attributes = m.attributes || excluded.attributes
   where m.attributes is distinct from m.attributes || excluded.attributes`,
];

interface Script {
  columns: readonly string[];
  statements: readonly string[];
  /** The table whose rows count as kept. */
  kept: string;
}

const SCRIPTS: Record<'customers' | 'segment', Script> = {
  customers: {
    columns: ['phone', 'name', 'gender', 'star', 'city', 'plan', 'arpu', 'birthday', 'joined', 'consent', 'initials'],
    statements: CUSTOMERS,
    kept: 'customers.line',
  },
  segment: { columns: ['phone', 'plan', 'rank'], statements: SEGMENT, kept: 'segments.member' },
};

/** The limit: `\copy` into a temporary table, validation in SQL, one upsert a table, in one transaction. */
export async function loadByHand(url: string, kind: keyof typeof SCRIPTS, path: string): Promise<Loaded> {
  const { columns, statements, kept } = SCRIPTS[kind];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`create temp table raw (n integer generated always as identity, ${columns.map((name) => `${name} text`).join(', ')})`);
    await pipeline(createReadStream(path), client.query(copyFrom(`copy raw (${columns.join(', ')}) from stdin (format csv, header)`)));
    await client.query('analyze raw');
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
    const { rows } = await client.query<Loaded>(`
      select (select count(*)::int from raw) as read, (select count(*)::int from ${kept}) as kept, (select count(distinct n)::int from bad) as rejected`);
    return rows[0] as Loaded;
  } finally {
    await client.end();
  }
}
