-- An import may wait for somebody to say which column is which; what was said is remembered per feed and person (FED-2).
alter table feeds.import drop constraint import_state_check;
alter table feeds.import add constraint import_state_check check (state in ('mapping', 'queued', 'running', 'done', 'failed', 'cancelled'));

create table feeds.mapping (
  feed text not null,
  user_id bigint not null references staff.app_user,
  -- header as compared (lower case, no spaces) → column of the feed, or null: leave out
  headers jsonb not null,
  updated_at timestamptz not null,
  primary key (feed, user_id)
);
