-- What the province's analytics and its lists say of leaving, a row a line: the base of retention cases (RET-1, RET-2).
create schema retention;

create table retention.churn_intent (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  -- Where it was noted, such as the portability query; empty when the list does not say.
  source text not null default '',
  reason text,
  noted_on date not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (line_id, source, noted_on)
);
create index churn_intent_customer on retention.churn_intent (customer_id, noted_on desc);

-- A history: what was said of a line stays beside what is said now.
create table retention.churn_score (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  -- Probability of leaving, 0 to 1.
  score numeric(7, 6) not null check (score between 0 and 1),
  reasons text,
  scored_on date not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (line_id, scored_on)
);
create index churn_score_customer on retention.churn_score (customer_id, scored_on desc);

-- The current score of each line, the newest one, under the customer who has the line now.
create view retention.v_churn_score as
select l.id as line_id, l.customer_id, s.score, s.reasons, s.scored_on
from customers.v_line l
cross join lateral (
  select x.score, x.reasons, x.scored_on from retention.churn_score x where x.line_id = l.id order by x.scored_on desc limit 1) s;
