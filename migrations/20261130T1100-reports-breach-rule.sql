-- Why a rate is out of its band: beyond a limit, or eight days in a row on one side of what is usual. As it was at the last look.
alter table reports.breach add column rule text not null default 'limit' check (rule in ('limit', 'run'));
