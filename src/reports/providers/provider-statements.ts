import { addDays, dayStart } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { visibleAttempts } from '../visibility.js';
import type { ProviderCut, ProviderFilter } from './providers.types.js';

/** What tells the lists apart, among the calls (`a`) and among the numbers supplied (`s`). */
export const CUT_SQL: Record<ProviderCut, { dialled: Sql; label: Sql; supplied: Sql }> = {
  segment: { dialled: sql`a.segment`, label: sql`max(a.segment_name)`, supplied: sql`s.segment` },
  import: { dialled: sql`coalesce(a.import_id::text, '')`, label: sql`max(a.import_name)`, supplied: sql`coalesce(s.import_id::text, '')` },
  campaign: { dialled: sql`a.campaign_code`, label: sql`max(a.campaign_name)`, supplied: sql`s.campaign_code` },
};

/** Which calls. */
export const chosen = (user: CurrentUser, { campaign, segment, import: importId, from, to }: ProviderFilter): (Sql | undefined)[] => [
  visibleAttempts(user),
  sql`a.attempt_id >= platform.uuid_floor(${dayStart(from)}) and a.attempt_id < platform.uuid_floor(${dayStart(addDays(to, 1))})`,
  campaign ? sql`a.campaign_code = ${campaign}` : undefined,
  segment ? sql`a.segment = ${segment}` : undefined,
  importId ? sql`a.import_id = ${importId}::bigint` : undefined,
];

/** Which numbers of lists: the period is one of calls, a list has none. */
export const listedBy = (user: CurrentUser, { campaign, segment, import: importId }: ProviderFilter): (Sql | undefined)[] => [
  inScope(user, sql`s.org_path`),
  campaign ? sql`s.campaign_code = ${campaign}` : undefined,
  segment ? sql`s.segment = ${segment}` : undefined,
  importId ? sql`s.import_id = ${importId}::bigint` : undefined,
];
