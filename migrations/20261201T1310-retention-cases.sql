-- Retention cases (RET-1, RET-3): signs of leaving, the case a customer has while somebody keeps them, its calls, what was done, and what became of it.

-- Where a sign of leaving comes from.
create table retention.source (
  code text primary key,
  label_zh text not null,
  label_en text not null,
  sort smallint not null,
  -- What lists call it; compared without blanks and case, the longest that fits wins.
  words text[] not null default '{}',
  -- How likely such a customer is to leave where no score is known.
  likelihood numeric(4, 3) not null check (likelihood between 0 and 1),
  -- An application to port out: only service calls from then on, no retention.
  stops boolean not null default false,
  -- They have asked for nothing yet: a share of them is left alone, to see what retention brings.
  draws boolean not null default false,
  -- Customers it finds by itself, as a filter of segments; `nightly`: it does so every night.
  filter jsonb,
  nightly boolean not null default false,
  enabled boolean not null default true,
  check (not stops or filter is null)
);
insert into retention.source (code, label_zh, label_en, sort, words, likelihood, stops, draws, filter) values
  ('port-out-application', '携转申请', 'Application to port out', 1, '{携转申请,携出申请,携号转网申请,申请携转,申请授权码,携转授权码,SQXZ}', 1, true, false, null),
  ('termination', '销户申请', 'Termination request', 2, '{销户,拆机,退网,注销,离网申请,TERMINATION}', 0.9, false, false, null),
  ('portability-query', '携转查询', 'Portability query', 3, '{携转查询,携号转网查询,携转资格,资格查询,携号转网,携转,CXXZ,PORTABILITY}', 0.7, false, false, null),
  ('suspension', '停机保号', 'Suspended to keep the number', 4, '{停机保号,保号,SUSPENSION}', 0.6, false, false, null),
  ('downgrade', '主卡降档', 'Main card downgraded', 5, '{降档,降套餐,套餐降级,主卡降,DOWNGRADE}', 0.4, false, true, null),
  ('contract-ending', '合约到期', 'Contract ending', 6, '{合约到期,合约即将到期,协议到期,CONTRACT}', 0.25, false, true, null),
  ('broadband-ending', '宽带到期', 'Broadband ending', 7, '{宽带到期,宽带即将到期,宽带,BROADBAND}', 0.25, false, true, null),
  ('score', '离网得分高', 'High churn score', 8, '{得分,预警,高离网,SCORE}', 0.5, false, true,
   '{"and": [{"field": "status", "op": "in", "value": ["active"]}, {"field": "churnScore", "op": "atLeast", "value": 70}]}'),
  ('high-risk', '质态高危', 'Health: high-risk', 9, '{高危,HIGH-RISK}', 0.5, false, true,
   '{"and": [{"field": "status", "op": "in", "value": ["active"]}, {"field": "healthTier", "op": "in", "value": ["high-risk"]}]}'),
  ('other', '其他迹象', 'Other sign', 99, '{}', 0.5, false, false, null);

-- Why they leave, and where they go.
create table retention.reason (
  code text primary key,
  label_zh text not null,
  label_en text not null,
  sort smallint not null,
  words text[] not null default '{}',
  enabled boolean not null default true
);
insert into retention.reason values
  ('competition', '竞争拉拢', 'Pulled by competition', 1, '{竞争,拉拢,对手,友商,异网,移动,联通,广电,COMPETITOR}'),
  ('dissatisfied', '不满意', 'Dissatisfied', 2, '{不满,投诉,信号,网络,资费,太贵,服务,故障,DISSATISF}'),
  ('own', '自身原因', 'Own reasons', 3, '{自身,个人原因,不需要,用不着,闲置,双卡,多余,OWN REASON}'),
  ('relocation', '迁移外地', 'Relocation', 4, '{迁移,外地,搬家,搬迁,出国,回老家,RELOCAT,MOVED,MOVING}');
create table retention.direction (like retention.reason including all);
insert into retention.direction values
  ('returned', '他号返回', 'Returned on another number', 1, '{他号,换号,新号,返回,RETURN}'),
  ('competitor', '流向对手', 'Went to a competitor', 2, '{对手,友商,异网,移动,联通,广电,携转,携号,COMPETITOR}'),
  ('moved', '迁往外地', 'Moved away', 3, '{外地,搬家,搬迁,迁移,出国,回老家,MOVED,MOVING}');

-- What holds for the whole house: those that were changed; the others are the product's own.
create table retention.settings (
  one boolean primary key default true check (one),
  version integer not null default 1,
  chosen jsonb not null default '{}',
  updated_at timestamptz,
  updated_by bigint references staff.app_user
);
insert into retention.settings default values;

create table retention.strategy (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  sort smallint not null,
  -- For whom: empty = any.
  sources text[] not null default '{}',
  reasons text[] not null default '{}',
  star_from smallint not null default 0 check (star_from between 0 and 7),
  star_to smallint not null default 7 check (star_to between 0 and 7 and star_to >= star_from),
  -- What the call is to bring about, for the manager.
  goal text not null,
  -- Follows the mandatory opening and that of the standing campaign.
  script jsonb not null default '{}',
  -- Codes of retention.offer, the one to begin with first; empty = all that fit.
  offers text[] not null default '{}',
  enabled boolean not null default true,
  updated_at timestamptz not null default now(),
  updated_by bigint references staff.app_user
);
insert into retention.strategy (code, name, sort, sources, star_from, star_to, goal, script) values
  ('asked-high', '提出离网 · 五至七星', 10, '{termination,portability-query,suspension}', 5, 7, '先听完原因再谈方案；当场能办的当场办，要审批的约好时间回电。',
   '{"opening": "看到您最近有调整号码的想法，我是您的专属客户经理，想先听听是哪里没让您满意。", "branches": [{"key": "reason", "title": "先问原因", "text": "▸ 让客户说完，不打断，不解释\n是信号、资费还是服务上有让您不方便的地方？\n▸ 记下原因和去向"}, {"key": "offer", "title": "再谈方案", "text": "您是我们的{{starLevel}}星级客户，我可以为您争取一个专属方案。\n▸ 从方案栏第一项谈起；要审批的先说“我去申请，今天给您答复”"}, {"key": "close", "title": "约定", "text": "▸ 约好下一次通话的时间，说到做到"}], "objections": [{"title": "已经决定了", "text": "我理解，选择权在您。方便告诉我主要原因吗？对我们改进很有帮助。"}, {"title": "对手更便宜", "text": "我帮您把两边的总价和合约期放在一起算一下，您再决定。"}]}'),
  ('asked', '提出离网', 20, '{termination,portability-query,suspension}', 0, 4, '问清原因，一次通话给出一个合适的方案。',
   '{"opening": "看到您最近有调整号码的想法，想先听听是哪里没让您满意。", "branches": [{"key": "reason", "title": "先问原因", "text": "是信号、资费还是服务上有让您不方便的地方？\n▸ 记下原因和去向"}, {"key": "offer", "title": "再谈方案", "text": "▸ 从方案栏第一项谈起，只谈一个"}], "objections": [{"title": "已经决定了", "text": "我理解，选择权在您。方便告诉我主要原因吗？"}]}'),
  ('ending', '合约或宽带到期', 30, '{contract-ending,broadband-ending}', 0, 7, '在到期前续约：先看用量合不合适，再谈续约优惠。',
   '{"opening": "您的合约快到期了，今天打给您是帮您看看现在的套餐还合不合适。", "branches": [{"key": "use", "title": "看用量", "text": "▸ 对照用量栏，够用就续，不够用或用不完就换\n您现在的套餐是{{package}}，平时够用吗？"}, {"key": "renew", "title": "续约", "text": "▸ 说清合约期、到期后的资费、违约责任"}], "objections": [{"title": "到期再说", "text": "好的。到期后会按标准资费收取，我到期前再提醒您一次，可以吗？"}]}'),
  ('risk', '有离网迹象', 40, '{score,high-risk,downgrade}', 0, 7, '关怀为主，不提“离网”；找出不方便的地方并解决。',
   '{"opening": "今天打给您是例行回访，想听听您最近用得怎么样。", "branches": [{"key": "care", "title": "听使用感受", "text": "最近通话和上网都顺畅吗？账单看得清楚吗？\n▸ 不要说系统判断客户会离网"}, {"key": "solve", "title": "解决问题", "text": "▸ 能当场解决的当场解决，不能的开工单并约好答复时间"}], "objections": [{"title": "你怎么知道我要走", "text": "只是例行回访，想看看有什么能帮到您。"}]}'),
  ('any', '通用挽留', 90, '{}', 0, 7, '问清原因，给出一个合适的方案。',
   '{"opening": "想听听您最近用得怎么样，有没有不方便的地方。", "branches": [{"key": "reason", "title": "问原因", "text": "▸ 记下原因和去向"}], "objections": []}');

-- What may be given to somebody who stays, what it costs us, and to whom.
create table retention.offer (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('discount', 'gift', 'data', 'upgrade', 'waiver', 'device')),
  -- What is said of it.
  text text not null default '',
  -- The entry of the tariff catalogue it goes with, if any.
  catalogue_code text,
  -- What it costs us altogether.
  cost_fen integer not null check (cost_fen >= 0),
  star_from smallint not null default 0 check (star_from between 0 and 7),
  star_to smallint not null default 7 check (star_to between 0 and 7 and star_to >= star_from),
  -- Least monthly value of the customer.
  least_value_fen integer not null default 0 check (least_value_fen >= 0),
  sources text[] not null default '{}',
  reasons text[] not null default '{}',
  -- Not again within so many days after the customer took it.
  rest_days integer not null default 365 check (rest_days between 0 and 3650),
  -- Dear or not: a second person decides on it.
  always_asks boolean not null default false,
  valid_until date,
  enabled boolean not null default true,
  updated_at timestamptz not null,
  updated_by bigint references staff.app_user
);

create table retention.churn_case (
  id bigint generated always as identity primary key,
  no text not null unique generated always as ('WL-' || lpad(id::text, greatest(6, length(id::text)), '0')) stored,
  customer_id bigint not null references customers.customer,
  -- the line that may be given up
  line_id bigint not null references customers.line,
  -- the strongest sign there was when it was opened
  source_code text not null references retention.source,
  reason_code text references retention.reason,
  direction_code text references retention.direction,
  state text not null check (state in ('open', 'talking', 'kept', 'lost', 'unreached', 'stopped', 'withdrawn', 'held_out')),
  -- what brought it there: 'call' is judged anew when a call is corrected
  state_by text not null default 'sign' check (state_by in ('sign', 'call', 'person')),
  opened_at timestamptz not null,
  opened_by bigint references staff.app_user,
  -- the first call is due by then
  call_by timestamptz not null,
  -- its source draws a hold-out: such cases alone are compared with it; held out stays so, whatever becomes of the case
  drawn boolean not null,
  held_out boolean not null check (drawn or not held_out),
  -- as they were when it was opened, for figures over time
  star smallint not null,
  city text,
  org_unit_id bigint not null references staff.org_unit,
  -- likelihood of leaving, and whether a score said so or the source alone
  score numeric(7, 6) not null check (score between 0 and 1),
  scored boolean not null,
  -- what the customer's lines bring a month
  value_fen integer not null check (value_fen >= 0),
  rank bigint not null generated always as ((score * value_fen)::bigint) stored,
  strategy_id bigint references retention.strategy,
  calls smallint not null default 0,
  talks smallint not null default 0,
  first_call_at timestamptz,
  first_talk_at timestamptz,
  last_call_at timestamptz,
  -- the next call as it was arranged while the last one was going on; on its list once that one is saved
  wanted_on date,
  wanted_at timestamptz,
  closed_at timestamptz,
  closed_by bigint references staff.app_user
);
create unique index churn_case_one_open on retention.churn_case (customer_id) where state in ('open', 'talking');
create index churn_case_customer on retention.churn_case (customer_id, opened_at desc);
create index churn_case_line on retention.churn_case (line_id);
create index churn_case_rank on retention.churn_case (rank desc, id) where state in ('open', 'talking');
create index churn_case_opened on retention.churn_case (opened_at, id);

-- The tasks by which a case is called: one a round.
create table retention.case_task (
  task_id bigint primary key references calls.task,
  case_id bigint not null references retention.churn_case,
  round smallint not null,
  unique (case_id, round)
);

-- Every sign there was, also those that opened no case, with why not.
create table retention.sign (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  source_code text not null references retention.source,
  noted_on date not null,
  -- as the list says it
  text text,
  -- of a list; null: found by a filter or noted by a person
  intent_id bigint unique references retention.churn_intent,
  case_id bigint references retention.churn_case,
  -- opened: it made the case · joined: the case was there · why there is none: porting, churned, stale, quiet, left_alone
  became text check (became in ('opened', 'joined', 'porting', 'churned', 'stale', 'quiet', 'left_alone')),
  noted_by bigint references staff.app_user,
  created_at timestamptz not null
);
create index sign_customer on retention.sign (customer_id, noted_on desc);
create index sign_line on retention.sign (line_id);
create index sign_case on retention.sign (case_id);
create index sign_new on retention.sign (id) where became is null;

create table retention.entry (
  id bigint generated always as identity primary key,
  case_id bigint not null references retention.churn_case,
  at timestamptz not null,
  by_user bigint references staff.app_user,
  deed text not null,
  state text not null,
  -- what it was about: a reason, an offer, a day
  target text,
  note text
);
create index entry_case on retention.entry (case_id, id);

-- What was done to keep them; what costs much waits for a second person.
create table retention.measure (
  id bigint generated always as identity primary key,
  case_id bigint not null references retention.churn_case,
  kind text not null check (kind in ('offer', 'explain', 'repair', 'visit', 'compensation', 'other')),
  offer_id bigint references retention.offer,
  cost_fen integer not null check (cost_fen >= 0),
  state text not null check (state in ('waiting', 'refused', 'granted', 'accepted', 'declined')),
  note text,
  proposed_by bigint not null references staff.app_user,
  proposed_at timestamptz not null,
  decided_by bigint references staff.app_user,
  decided_at timestamptz,
  refusal text,
  answered_by bigint references staff.app_user,
  answered_at timestamptz,
  check ((kind = 'offer') = (offer_id is not null)),
  check (decided_by <> proposed_by)
);
create index measure_case on retention.measure (case_id);
create index measure_waiting on retention.measure (proposed_at) where state = 'waiting';

-- Whether the customer is still there 30, 60 and 90 days after the case was opened, as the status feeds say (RET-3).
create table retention.follow_up (
  case_id bigint not null references retention.churn_case,
  days smallint not null check (days in (30, 60, 90)),
  due_on date not null,
  status text check (status in ('active', 'suspended', 'churned')),
  -- the day of the status it rests on
  told_on date,
  settled_at timestamptz,
  primary key (case_id, days)
);
create index follow_up_due on retention.follow_up (due_on) where settled_at is null;

-- Weighs what a list says against words: the longest that is part of it.
create function retention.matched(said text, words text[]) returns integer language sql immutable parallel safe as $$
  select coalesce(max(length(w)), 0)
  from unnest(words) w
  where position(upper(regexp_replace(w, '\s', '', 'g')) in upper(regexp_replace(said, '\s', '', 'g'))) > 0 and w <> ''
$$;
