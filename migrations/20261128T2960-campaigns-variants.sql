-- Chance that can be repeated (CAM-10): where a customer falls, 0–9999, for a seed. `draw.ts` says the same; a property test holds both together.
create function campaigns.bucket(seed text, customer_id bigint) returns integer language sql immutable parallel safe as $$
  select ((('x' || left(md5(seed || ':' || customer_id), 8))::bit(32)::bigint) % 10000)::integer
$$;

-- Where each script begins to be the next one: [{ "percent": 30 }, { "percent": 20 }] → {5000, 8000}: below 5000 the campaign's own, from 8000 the third.
create function campaigns.variant_bounds(variants jsonb) returns integer[] language sql immutable parallel safe as $$
  select coalesce(array_agg(10000 - rest order by place), '{}') from (
    select v.place, (sum((v.item ->> 'percent')::integer * 100) over (order by v.place desc))::integer as rest
    from jsonb_array_elements(variants) with ordinality v(item, place)) b
$$;

-- Scripts that are tried besides the campaign's own, with their share of the customers: [{ "name", "percent", "script" }]. The rest hears the own one, called A.
alter table campaigns.campaign add column variants jsonb not null default '[]' check (jsonb_typeof(variants) = 'array');
alter table campaigns.campaign add column variant_bounds integer[] not null generated always as (campaigns.variant_bounds(variants)) stored;

-- The script a customer hears in a campaign: A is the campaign's own. Drawn apart from the hold-out, so that neither decides the other.
create function campaigns.variant_of(bounds integer[], campaign_id bigint, customer_id bigint) returns text language sql immutable parallel safe as $$
  select case when bounds = '{}' then 'A' else chr(65 + width_bucket(campaigns.bucket(campaign_id || '/variant', customer_id), bounds)) end
$$;
