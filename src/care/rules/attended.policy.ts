import { sql } from '../../platform/database/sql.js';

/** Who came to what, as far as it is recorded: customer_id, event_id, starts_at. More conditions on `care.event e` can follow. */
export const ATTENDED = sql`
  select i.customer_id, e.id as event_id, e.starts_at from care.invitation i join care.event e on e.id = i.event_id
  where i.attended and e.cancelled_at is null`;
