import { type Day, dayStart } from '../kernel/day.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { bulkInsert } from './bulk-insert.js';
import { catalogue } from './offers.data.js';

const OFFER = {
  code: 'text',
  name: 'text',
  kind: 'text',
  price_fen: 'integer',
  data_mb: 'integer',
  voice_min: 'integer',
  contract_months: 'integer',
  excludes: 'text[]',
  valid_until: 'date',
  org_unit_id: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

/** The tariff catalogue, as planner1 imported it for the whole province. */
export async function writeOffers(tx: Tx, today: Day): Promise<void> {
  const { unit } = await tx.one<{ unit: string }>(sql`select org_unit_id as unit from staff.app_user where username = 'planner1'`);
  const at = dayStart(today);
  await bulkInsert(
    tx,
    { table: 'offers.offer', columns: OFFER },
    catalogue(today).map((offer) => ({ ...offer, org_unit_id: unit, created_at: at, updated_at: at })),
  );
}
