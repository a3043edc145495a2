/** Where the counts that are kept of blasts differ from what counting gives: nowhere. */
export const MISCOUNTED = `
  select coalesce(r.blast_id, c.blast_id) as blast, coalesce(r.state, c.state) as state, coalesce(r.reason, c.reason) as reason,
         r.n as counted, c.n as kept, r.parts as "countedParts", c.parts as "keptParts"
  from (select blast_id, state, reason, count(*) as n, sum(parts) as parts, count(*) filter (where parts > 0) as billed from messaging.recipient group by 1, 2, 3) r
  full join (select blast_id, state, reason, sum(n) as n, sum(parts) as parts, sum(billed) as billed from messaging.recipient_count
             group by 1, 2, 3 having sum(n) <> 0 or sum(parts) <> 0) c
    on c.blast_id = r.blast_id and c.state = r.state and coalesce(c.reason, '') = coalesce(r.reason, '')
  where (r.n, r.parts, r.billed) is distinct from (c.n, c.parts, c.billed)`;
