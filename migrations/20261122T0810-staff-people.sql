-- People, the tree they belong to, how they prove who they are, and the record of what they did.
create schema staff;

create table staff.org_unit (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('province', 'city', 'team', 'vendor')),
  parent_id bigint references staff.org_unit,
  -- '/1/4/9/': the ids from the top to this unit. A unit lies in the scope of another when its path starts with the other's.
  path text not null unique check (path ~ '^/([0-9]+/)+$'),
  active boolean not null default true
);
create index org_unit_path on staff.org_unit (path text_pattern_ops);

create table staff.app_user (
  id bigint generated always as identity primary key,
  username text not null,
  name text not null,
  role text not null check (role in ('manager', 'planner', 'supervisor', 'judge', 'client', 'admin')),
  org_unit_id bigint not null references staff.org_unit,
  -- Without a password nobody can log in; the accounts behind API tokens have none.
  password_hash text,
  agent_no text unique,
  daily_capacity integer not null default 60 check (daily_capacity between 0 and 1000),
  active boolean not null default true,
  -- The account of an API token: acts and is recorded like a person, is never given work.
  technical boolean not null default false,
  locale text not null default 'zh' check (locale in ('zh', 'en')),
  created_at timestamptz not null
);
create unique index app_user_username on staff.app_user (lower(username));
create index app_user_org_unit on staff.app_user (org_unit_id);

-- Kept by the name that was typed, known or not: a wrong guess must not tell which names exist.
create table staff.login_failure (
  username text primary key,
  failures integer not null,
  last_at timestamptz not null,
  locked_until timestamptz
);

create table staff.session (
  sid text primary key,
  sess jsonb not null,
  expire timestamptz not null,
  user_id bigint generated always as ((sess ->> 'userId')::bigint) stored
);
create index session_expire on staff.session (expire);
create index session_of_user on staff.session (user_id) where user_id is not null;

-- Only the hash of a token is kept. `kind` session: the bearer of POST /session, ends by itself; api: made by an administrator.
create table staff.api_token (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('session', 'api')),
  name text not null,
  role text not null,
  org_unit_id bigint not null references staff.org_unit,
  user_id bigint not null references staff.app_user,
  token_hash text not null unique,
  created_by bigint references staff.app_user,
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_token_user on staff.api_token (user_id);

create table staff.audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor_id bigint,
  actor text not null,
  action text not null,
  object_type text not null,
  object_id text,
  detail jsonb not null default '{}',
  request_id text,
  ip text
);
create index audit_entry_at on staff.audit_entry (at);
create index audit_entry_object on staff.audit_entry (object_type, object_id);
create index audit_entry_actor on staff.audit_entry (actor_id, at);

create function staff.refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log only grows: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$;

create trigger audit_entry_stays before update or delete or truncate on staff.audit_entry
for each statement execute function staff.refuse_audit_change();

-- `active` means: a person who can be given work now.
create view staff.v_user as
select u.id, u.username, u.name, u.role, u.org_unit_id, o.path as org_path, o.code as team_code, o.name as team_name,
       u.agent_no, u.daily_capacity, (u.active and not u.technical) as active
from staff.app_user u
join staff.org_unit o on o.id = u.org_unit_id;

create view staff.v_org_unit as
select id, code, name, kind, parent_id, path, active from staff.org_unit;
