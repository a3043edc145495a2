-- A new month needs its table to itself for a moment. Whoever comes after somebody who waits for that waits too, and a back-up holds every table for as
-- long as it runs: better an error after two seconds (55P03), and another try later. Months are made at least one ahead.
alter function platform.ensure_partitions(regclass, date, date) set lock_timeout = '2s';
