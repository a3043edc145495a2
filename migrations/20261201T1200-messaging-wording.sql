-- What is said after a message of a purpose, so that its reader can opt out; the last row of a purpose is in force, an empty text says nothing.
create table messaging.opt_out_text (
  id bigint generated always as identity primary key,
  purpose text not null check (purpose in ('marketing', 'care', 'greeting', 'service')),
  text text not null check (purpose <> 'marketing' or text <> ''),
  -- null: the product itself
  set_by bigint references staff.app_user,
  set_at timestamptz not null
);
create index opt_out_text_purpose on messaging.opt_out_text (purpose, id desc);
insert into messaging.opt_out_text (purpose, text, set_at) values ('marketing', '拒收请回复R', '2026-01-01T00:00:00+08:00');

-- Words and characters that no message may hold: looked for when a template is saved and in the text for each person.
create table messaging.forbidden_word (
  id bigint generated always as identity primary key,
  word text not null check (word <> ''),
  -- none named: all of them
  purposes text[] not null default '{}' check (purposes <@ array['marketing', 'care', 'greeting', 'service']),
  note text not null default '',
  added_by bigint references staff.app_user,
  added_at timestamptz not null,
  removed_by bigint references staff.app_user,
  removed_at timestamptz
);
create unique index forbidden_word_once on messaging.forbidden_word (word) where removed_at is null;
insert into messaging.forbidden_word (word, purposes, note, added_at)
select word, purposes, note, '2026-01-01T00:00:00+08:00' from (values
  (U&'\200B', '{}'::text[], '零宽空格，网关按垃圾短信拦截'),
  (U&'\FEFF', '{}', '不可见的字节序标记'),
  (U&'\202E', '{}', '反转文字方向，常用来伪装网址'),
  ('中奖', '{}', '网关内容审核'),
  ('稳赚', '{}', '网关内容审核'),
  ('国家级', '{marketing}', '广告法第九条'),
  ('最高级', '{marketing}', '广告法第九条'),
  ('全网最低', '{marketing}', '广告法第九条')
) as w(word, purposes, note);

-- Frozen with the wording when a blast starts.
alter table messaging.blast add column opt_out text;
update messaging.blast set opt_out = case when purpose = 'marketing' then '拒收请回复R' else '' end where body is not null;
