-- CUS-1: each line has its own actual user, and two flags that are not the same: the hotline's blacklist (no manual service for calls that come in)
-- stands here, do-not-call stands in contact.block, by number.
alter table customers.line
  add column hotline_blacklisted boolean not null default false,
  -- As told; the history stands in profile_fact. Lunar month and day are those of the lunar calendar.
  add column user_birth_year smallint,
  add column user_birth_month smallint check (user_birth_month between 1 and 12),
  add column user_birth_day smallint check (user_birth_day between 1 and 31),
  add column user_birth_calendar text not null default 'solar' check (user_birth_calendar in ('solar', 'lunar')),
  add column user_birth_leap boolean not null default false;
create index line_user_birthday on customers.line (user_birth_month, user_birth_day) where user_birth_month is not null;

-- extra: a second or third card of its own package; broadband: reached by its fixed line, if at all
alter table customers.line drop constraint line_kind_check;
alter table customers.line add constraint line_kind_check check (kind in ('main', 'secondary', 'extra', 'broadband', 'other'));

-- Who uses a card is asked of the card: facts of that kind name their line. Those of before were told of the line the customer is reached on.
alter table customers.profile_fact add column line_id bigint references customers.line;
update customers.profile_fact f set line_id = k.line_id
from customers.v_contact_line k
where k.customer_id = f.customer_id and f.field in ('actual_user', 'actual_user_birthday');
update customers.line l set actual_user_name = f.value
from (select distinct on (line_id) line_id, value from customers.profile_fact where field = 'actual_user' and line_id is not null order by line_id, id desc) f
where l.id = f.line_id;
update customers.line l
set user_birth_calendar = case when f.told[1] is null then 'solar' else 'lunar' end, user_birth_leap = f.told[2] is not null,
    user_birth_year = f.told[3]::smallint, user_birth_month = f.told[4]::smallint, user_birth_day = f.told[5]::smallint
from (select distinct on (line_id) line_id, regexp_match(value, '^(lunar )?(leap )?(?:(\d{4})-)?(\d{2})-(\d{2})$') as told
      from customers.profile_fact where field = 'actual_user_birthday' and line_id is not null order by line_id, id desc) f
where l.id = f.line_id and f.told is not null;

-- The card tier that goes with a star where the feed says none.
create table customers.star_tier (
  star_level smallint primary key check (star_level between 1 and 7),
  tier text not null check (tier in ('diamond', 'gold', 'silver', 'member', 'ordinary'))
);
insert into customers.star_tier values (7, 'diamond'), (6, 'diamond'), (5, 'gold'), (4, 'silver'), (3, 'member'), (2, 'ordinary'), (1, 'ordinary');

create or replace view customers.v_customer as
select c.id, c.customer_no, c.name, c.gender, c.star_level,
       coalesce(c.tier, (select t.tier from customers.star_tier t where t.star_level = c.star_level)) as tier,
       c.class, c.province, c.city, c.district,
       c.birth_year, c.birth_month, c.birth_day, c.birth_calendar, c.birth_leap, c.joined_on, c.status,
       c.sms_consent, c.call_consent, c.manager_id, c.org_unit_id, c.created_at
from customers.customer c;

create or replace view customers.v_line as
select l.id, l.customer_id, l.number, l.kind, l.package, l.arpu_fen, l.contract_end, l.status, l.health,
       l.hotline_blacklisted, l.actual_user_name, l.user_birth_year, l.user_birth_month, l.user_birth_day, l.user_birth_calendar, l.user_birth_leap
from customers.line l;

-- The line a customer is reached on: active before others, main before secondary, a broadband line last, healthy before doubtful, the oldest first.
create or replace view customers.v_contact_line as
select distinct on (l.customer_id) l.customer_id, l.id as line_id, l.number, l.package, l.arpu_fen, l.status, l.health
from customers.line l
order by l.customer_id, (l.health = 'invalid'), (l.status = 'active') desc, (l.kind = 'main') desc, (l.kind = 'broadband'), l.id;
