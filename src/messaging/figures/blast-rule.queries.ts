import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { type BilledOn, type BlastRule, DEFAULT_BLAST_RULE } from './blast-rule.types.js';

export interface GatewayPrice {
  code: string;
  kind: string;
  /** Thousandths of a yuan. */
  partPrice: number | null;
  billedOn: BilledOn;
}

export interface SetRule extends BlastRule {
  by: string;
  at: Date;
}

const RULE = sql`r.order_days as "orderDays", r.opt_out_days as "optOutDays", r.complaint_days as "complaintDays", r.opt_outs_most as "optOutsMost",
  r.complaints_most as "complaintsMost", r.guard_from as "guardFrom", r.approve_above as "approveAbove", r.client_approves as "clientApproves",
  r.client_above as "clientAbove", r.stall_minutes as "stallMinutes"`;

@Injectable()
export class BlastRuleQueries {
  constructor(private readonly database: Database) {}

  async current(on: Queryable = this.database): Promise<BlastRule> {
    return (await on.maybe<BlastRule>(sql`select ${RULE} from messaging.blast_rule r order by r.id desc limit 1`)) ?? DEFAULT_BLAST_RULE;
  }

  history(): Promise<SetRule[]> {
    return this.database.rows<SetRule>(sql`
      select ${RULE}, u.name as by, r.set_at as at from messaging.blast_rule r join staff.v_user u on u.id = r.set_by order by r.id desc limit 20`);
  }

  prices(on: Queryable = this.database): Promise<GatewayPrice[]> {
    return on.rows<GatewayPrice>(
      sql`select code, kind, part_price as "partPrice", billed_on as "billedOn" from messaging.gateway where active order by created_at, code`,
    );
  }
}
