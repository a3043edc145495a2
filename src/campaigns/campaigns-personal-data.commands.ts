import { Injectable } from '@nestjs/common';
import { HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import type { Queryable } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/** In whose audience somebody was, or why not. The rows say no more than that, and the sums of a launch are made of them: nothing is erased. */
@Injectable()
@HoldsPersonalData()
export class CampaignsPersonalData implements PersonalDataHolder {
  readonly section = 'campaigns';

  async export({ customerId }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      audiences: await on.rows(sql`
        select c.code, c.name, a.excluded, a.frozen_at from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id
        where a.customer_id = ${customerId} order by a.frozen_at, c.code`),
    };
  }

  erase(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }
}
