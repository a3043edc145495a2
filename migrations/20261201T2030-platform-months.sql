-- A new month is stored like the default partition. And two processes that start at once make it once: who waited for the other looks at the rows of the
-- catalogue, for to_regclass answers from what this session remembers, and said that the partition was not there.
create or replace function platform.ensure_partitions(parent regclass, first_day date, last_day date) returns integer language plpgsql as $$
declare
  month date := date_trunc('month', first_day)::date;
  following date;
  name text;
  stored text;
  made integer := 0;
begin
  while month <= last_day loop
    following := (month + interval '1 month')::date;
    name := format('%s_%s', parent::text, to_char(month, 'YYYYMM'));
    if to_regclass(name) is null then
      perform pg_advisory_xact_lock(hashtext('platform.ensure_partitions'), hashtext(parent::text));
      if not exists (select from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = parent and c.relname = substring(name from '[^.]*$')) then
        select 'with (' || array_to_string(reloptions, ', ') || ')' into stored from pg_class where oid = to_regclass(parent::text || '_default');
        execute format('create table %s partition of %s for values from (%L) to (%L) %s', name, parent,
          platform.uuid_floor(platform.day_start(month)), platform.uuid_floor(platform.day_start(following)), stored);
        made := made + 1;
      end if;
    end if;
    month := following;
  end loop;
  return made;
end $$;
