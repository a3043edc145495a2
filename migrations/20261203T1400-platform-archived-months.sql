-- Months that lie elsewhere (SYS-4): on another tablespace, where their rows are read as ever, or in a file, which took their place.
create table platform.archived_month (
  -- `messaging.message`
  parent text not null,
  month date not null check (month = date_trunc('month', month::timestamp)::date),
  place text not null check (place in ('tablespace', 'file')),
  -- of the tablespace
  tablespace text,
  -- its name in DATA_DIR/archive, and the sum of what is in it, unpacked
  file text,
  sha256 text,
  rows bigint not null,
  at timestamptz not null,
  primary key (parent, month),
  check (case place when 'file' then file is not null and sha256 is not null else tablespace is not null and file is null end)
);

-- What was written to a month since it is being archived: who finds its name here drops nothing. Rows are only appended, so no writer waits for another.
create table platform.month_change (
  month_table text not null
);

create function platform.note_month_change() returns trigger language plpgsql as $$
begin
  insert into platform.month_change (month_table) values (format('%I.%I', tg_table_schema, tg_table_name));
  return null;
end $$;

-- From here on every change of the month is noted; the lock that a trigger asks for waits for changes under way.
-- `month_table`: schema and name, quoted where they must be.
create function platform.watch_month(month_table text) returns void language plpgsql as $$
begin
  execute format('create or replace trigger month_changes after insert or update or delete on %s for each row execute function platform.note_month_change()', month_table);
  execute format('create or replace trigger month_emptied after truncate on %s for each statement execute function platform.note_month_change()', month_table);
  delete from platform.month_change c where c.month_table = watch_month.month_table;
end $$;

-- The month stays for now.
create function platform.unwatch_month(month_table text) returns void language plpgsql as $$
begin
  execute format('drop trigger if exists month_changes on %s', month_table);
  execute format('drop trigger if exists month_emptied on %s', month_table);
  delete from platform.month_change c where c.month_table = unwatch_month.month_table;
end $$;
