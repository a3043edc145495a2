create schema segments;

create table segments.segment (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  kind text not null default 'uploaded' check (kind in ('uploaded', 'filtered')),
  filter jsonb,
  -- Names of the file's own columns, in their order: usable in scripts, filters and templates.
  columns text[] not null default '{}',
  members integer not null default 0,
  org_unit_id bigint not null references staff.org_unit,
  created_by bigint references staff.app_user,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table segments.member (
  segment_id bigint not null references segments.segment,
  line_id bigint not null references customers.line,
  customer_id bigint not null references customers.customer,
  attributes jsonb not null default '{}',
  import_id bigint,
  added_at timestamptz not null,
  primary key (segment_id, line_id)
);
create index member_customer on segments.member (segment_id, customer_id);

create view segments.v_member as select segment_id, line_id, customer_id, attributes from segments.member;
create view segments.v_segment as select id, code, name, kind, columns, members, org_unit_id from segments.segment;
