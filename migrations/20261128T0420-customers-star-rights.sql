-- 星级权益: what a star entitles to, one row a star and right. Data: rows may be changed, added and taken away.
create table customers.star_right (
  star_level smallint not null check (star_level between 1 and 7),
  code text not null,
  sort smallint not null,
  label_zh text not null,
  label_en text not null,
  -- how often a year; null = whenever it is needed
  per_year smallint check (per_year > 0),
  primary key (star_level, code)
);

insert into customers.star_right (star_level, code, sort, label_zh, label_en, per_year)
select r.star, d.code, d.sort, d.label_zh, d.label_en, nullif(d.per_year[r.star], 0)
from generate_series(1, 7) as r(star)
join (values
  -- from which star; how often a year for one to seven stars, 0 = no limit
  ('manager', 1, '专属客户经理', 'Account manager of one''s own', 5, '{0,0,0,0,0,0,0}'::smallint[]),
  ('hotline', 2, '10000号优先接入', 'Priority on the hotline', 5, '{0,0,0,0,0,0,0}'),
  ('counter', 3, '营业厅优先办理', 'Priority at the counter', 5, '{0,0,0,0,0,0,0}'),
  ('lounge', 4, '机场贵宾厅', 'Airport lounge', 6, '{0,0,0,0,0,3,6}'),
  ('emergency', 5, '紧急开机', 'Emergency reconnection', 3, '{0,0,1,1,2,2,3}'),
  ('roaming', 6, '国际漫游免押金', 'Roaming without deposit', 5, '{0,0,0,0,0,0,0}'),
  ('credit', 7, '欠费缓停', 'Grace before suspension', 3, '{0,0,0,0,0,0,0}'),
  ('card', 8, '免费补换卡', 'Free replacement card', 4, '{0,0,0,1,2,3,4}'),
  ('birthday', 9, '生日礼', 'Birthday gift', 5, '{0,0,0,0,1,1,1}'),
  ('wish', 10, '生日祝福', 'Birthday wish', 1, '{1,1,1,1,1,1,1}')
) as d(code, sort, label_zh, label_en, from_star, per_year) on r.star >= d.from_star;

-- For how many months a star is held before it is assessed anew (复评).
alter table customers.star_tier add column term_months smallint not null default 12 check (term_months > 0);
