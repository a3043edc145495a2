-- The columns of a sender's file, in its order: what a return file is written in (FED-5).
create table calls.dispatch_sheet (
  id bigint generated always as identity primary key,
  columns text[] not null unique
);

-- One contact that another system asks for (派单), and what it was told in return (回单). Whether it is open or how it ended follows from its task
-- at every instant, see reporting.dispatch; only what ends without its task, and what was handed over, stands here.
create table calls.dispatch (
  id bigint generated always as identity primary key,
  -- '' = the sender named none
  source text not null default '',
  dispatch_no text not null,
  biz_type text,
  note text,
  deadline_on date not null,
  campaign_id bigint not null references campaigns.campaign,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  -- the sender's own row, cell by cell as its file has it
  sheet_id bigint not null references calls.dispatch_sheet,
  cells text[] not null,
  -- null = it ended before it came to a list
  task_id bigint references calls.task,
  -- the task was made for dispatches; false = it joined one that stood there
  own_task boolean not null default false,
  -- ended as returned, whatever becomes of the task
  ended_at timestamptz,
  end_reason text,
  -- what the sender was told last
  handed_result text check (handed_result in ('done', 'not_reached', 'returned')),
  handed_reason text,
  handed_finished_at timestamptz,
  handed_at timestamptz,
  -- the sender had been told otherwise before
  corrected boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (source, dispatch_no),
  check ((ended_at is null) = (end_reason is null)),
  check (task_id is not null or ended_at is not null),
  check ((handed_at is null) = (handed_result is null) and (handed_at is null) = (handed_finished_at is null))
);
create index dispatch_task on calls.dispatch (task_id) where task_id is not null;
create index dispatch_customer on calls.dispatch (customer_id);
create index dispatch_deadline on calls.dispatch (deadline_on) where ended_at is null;
create index dispatch_handed on calls.dispatch (handed_finished_at, id) where handed_at is not null;

-- A sender's row as header → cell, blank cells left out: equal whatever the order of the columns.
create function calls.sheet_row(columns text[], cells text[]) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(u.header, u.cell), '{}') from unnest(columns, cells) u(header, cell) where u.cell <> ''
$$;
