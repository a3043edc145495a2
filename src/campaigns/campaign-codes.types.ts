import type { CodeKind } from '../platform/database/free-code.js';
import { sql } from '../platform/database/sql.js';

/** The codes that campaigns are given where nobody types one: `C2611-03`. */
export const CAMPAIGN_CODES: CodeKind = { table: sql`campaigns.campaign`, letter: 'C' };
