import { joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { BlockScope } from '../contact.types.js';
import type { Question } from './gate.types.js';
import { scopesFor } from './opt-out.rule.js';

/** {@link blockRule} and {@link optOutRule} over rows `b` of contact.block. */

/** The block stands at the moment asked for, in that channel. */
export const standsSql = ({ at, channel }: Question): Sql =>
  sql`b.lifted_at is null and (b.until is null or b.until > ${at}) and b.channel in ('all', ${channel}::text)`;

/** An opt-out that concerns the question. */
export function optOutSql({ purpose, productFamily, campaignId }: Question): Sql {
  const concerns: Readonly<Record<Exclude<BlockScope, 'all'>, Sql>> = {
    marketing: rawSql(`b.scope = 'marketing'`),
    product: sql`b.scope = 'product' and b.product_family = ${productFamily}::text`,
    campaign: sql`b.scope = 'campaign' and b.campaign_id = ${campaignId}::bigint`,
  };
  const scopes = scopesFor(purpose);
  return scopes.length === 0
    ? rawSql('false')
    : sql`(${joinSql(
        scopes.map((scope) => concerns[scope]),
        ' or ',
      )})`;
}

/** Whether a number may not be contacted for what stands in the books of it. */
export const stoppedSql = (number: Sql, question: Question): Sql =>
  sql`exists (select from contact.block b where b.number = ${number} and ${standsSql(question)} and (b.scope = 'all' or ${optOutSql(question)}))`;
