import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { takesLonger } from '../../platform/database/reading.js';
import { sql } from '../../platform/database/sql.js';
import type { Blast } from '../messaging.types.js';
import { writtenToSql } from '../blasts/blast-audience.js';
import { StartSources } from '../blasts/start-sources.queries.js';
import { BlastHours } from './blast-hours.queries.js';
import { type BlastPlan, planBlast } from './blast-plan.policy.js';

/** When what is left of a blast goes out, by its rate and the hours of messages (R15). Who turns out to be refused only makes it shorter. */
@Injectable()
export class BlastPlanQueries {
  constructor(
    private readonly database: Database,
    private readonly hours: BlastHours,
    private readonly sources: StartSources,
  ) {}

  /** Of one that is under way or paused: of those whose turn has not come. */
  rest(blast: Blast): BlastPlan {
    return this.plan(blast, blast.counts.queued);
  }

  /** Of a draft: as if it were started now, to those whom the start would ask about; who is left alone is drawn, not reckoned. */
  async draft(blast: Blast): Promise<{ audience: number; plan: BlastPlan }> {
    takesLonger();
    const audience = await this.database.tx(async (tx) => {
      const people = writtenToSql(await this.sources.audienceOf(tx, blast.id), blast);
      return (await tx.one<{ n: number }>(sql`select count(*)::int as n from (${people}) p`)).n;
    });
    return { audience, plan: this.plan(blast, audience) };
  }

  private plan({ purpose, notBefore, notAfter, ratePerSecond }: Blast, left: number): BlastPlan {
    return planBlast({ left, ratePerSecond, ...this.hours.of(purpose, { notBefore, notAfter }) });
  }
}
