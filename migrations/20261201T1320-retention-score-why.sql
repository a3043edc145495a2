-- What a score of a trained model rests on, so that it can be said in the reader's language; scores of lists have words only (RET-2).
alter table retention.churn_score add column why jsonb;
create or replace view retention.v_churn_score as
select l.id as line_id, l.customer_id, s.score, s.reasons, s.scored_on, s.why
from customers.v_line l
cross join lateral (
  select x.score, x.reasons, x.scored_on, x.why from retention.churn_score x where x.line_id = l.id order by x.scored_on desc limit 1) s;
