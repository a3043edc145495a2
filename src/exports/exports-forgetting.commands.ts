import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/**
 * Empties the filters of exports that name one of the numbers, or the name; files that were made expire by themselves. What is still to be made or
 * let go is given up: without its filter it would hold everybody. @returns how many
 */
export const forgetFilters = (tx: Tx, { numbers, name }: { numbers: string | null; name: string | null }): Promise<number> =>
  tx.run(sql`
    update exports.export set filter = '{}', fault = case when state in ('waiting', 'queued') then 'export_forgotten' else fault end,
      state = case when state in ('waiting', 'queued') then 'failed' else state end
    where filter::text ~ ${numbers}::text or exists (select from jsonb_each_text(filter) f where f.value = ${name}::text)`);
