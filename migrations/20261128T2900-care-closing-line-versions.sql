-- The house rewrites its closing lines (CAR-5); a version keeps two people from overwriting each other unseen.
alter table care.closing_line
  add column version integer not null default 1 check (version > 0),
  add column changed_at timestamptz;
