-- When a gateway said last that we are too quick.
alter table messaging.gateway add column throttled_at timestamptz;

-- A blast that has work and gets nowhere for so long is said to stand still (R7).
alter table messaging.blast_rule add column stall_minutes smallint not null default 10 check (stall_minutes between 2 and 1440);

-- How far a blast had come at the last look, and since when: the last moment at which it moved or had nothing to do.
create table messaging.blast_watch (
  blast_id bigint primary key references messaging.blast on delete cascade,
  handed_over integer not null,
  settled integer not null,
  since timestamptz not null
);
-- The last look at all of them: without one nobody works off anything.
create table messaging.stall_look (
  only_row boolean primary key default true check (only_row),
  at timestamptz not null
);

-- A blast that stood still, from when to when, and why as of the last look; one at a time. It closes by itself.
create table messaging.blast_stall (
  id bigint generated always as identity primary key,
  blast_id bigint not null references messaging.blast on delete cascade,
  cause text not null,
  detail jsonb not null default '{}',
  since timestamptz not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  closed_at timestamptz
);
create unique index blast_stall_open on messaging.blast_stall (blast_id) where closed_at is null;

-- Whom it was told to, once each: who made the blast, and the planners of its unit and of those above. The number at their entry of the navigation counts what they have not looked at.
create table messaging.blast_stall_notice (
  stall_id bigint not null references messaging.blast_stall on delete cascade,
  user_id bigint not null references staff.app_user,
  at timestamptz not null,
  read_at timestamptz,
  primary key (stall_id, user_id)
);
create index blast_stall_notice_unread on messaging.blast_stall_notice (user_id) where read_at is null;
