-- A change told beforehand moves the star when its day has come, once: what anybody writes later is not undone by it.
alter table customers.star_change add column applied_at timestamptz;
update customers.star_change set applied_at = coalesce(updated_at, created_at) where changed_on <= platform.day_of(coalesce(updated_at, created_at));
create index star_change_to_come on customers.star_change (changed_on) where applied_at is null;
