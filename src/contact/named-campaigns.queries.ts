import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';

export interface NamedCampaign {
  id: string;
  code: string;
  name: string;
  /** Its product line; `marketing` where it names none. */
  family: string;
}

/** Most campaigns a list offers; others are typed. */
const CHOICES = 200;

const CAMPAIGN = sql`select p.id, p.code, p.name, p.family from reporting.campaign p`;

/** Campaigns as people name them to the gate, which lies below campaigns and knows them by their published view. */
@Injectable()
export class NamedCampaigns {
  constructor(private readonly db: Database) {}

  /** @throws DomainError contact_campaign_unknown at `campaign`, also where it is out of the user's scope */
  async byCode(user: CurrentUser, code: string, on: Queryable = this.db): Promise<NamedCampaign> {
    const found = await on.maybe<NamedCampaign>(sql`${CAMPAIGN} where p.code = ${code} and ${usableBy(user, sql`p.org_path`)}`);
    if (!found) throw new DomainError('contact_campaign_unknown', { param: 'campaign', params: { campaign: code } });
    return found;
  }

  /** To choose from, the newest first. */
  list(user: CurrentUser): Promise<NamedCampaign[]> {
    return this.db.rows<NamedCampaign>(sql`${CAMPAIGN} where ${usableBy(user, sql`p.org_path`)} order by p.id desc limit ${CHOICES}`);
  }

  /** Product lines of campaigns in reach. */
  async families(user: CurrentUser): Promise<string[]> {
    const rows = await this.db.rows<{ family: string }>(
      sql`select distinct p.family from reporting.campaign p where ${usableBy(user, sql`p.org_path`)} order by p.family`,
    );
    return rows.map(({ family }) => family);
  }
}
