import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { takesLonger } from '../../platform/database/reading.js';
import { sql } from '../../platform/database/sql.js';
import type { Blast } from '../messaging.types.js';
import { StartSources } from '../blasts/start-sources.queries.js';
import { type BlastPlan, planBlast } from './blast-plan.policy.js';

const DAY_MS = 86_400_000;
const LOOK_AHEAD_DAYS = 31;

/** When what is left of a blast goes out, by its rate and the hours of messages (R15). Who turns out to be refused only makes it shorter. */
@Injectable()
export class BlastPlanQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gate: ContactQueries,
    private readonly sources: StartSources,
  ) {}

  /** Of one that is under way or paused: of those whose turn has not come. */
  rest(blast: Blast): BlastPlan {
    return this.plan(blast, blast.counts.queued);
  }

  /** Of a draft: as if it were started now. */
  async draft(blast: Blast): Promise<{ audience: number; plan: BlastPlan }> {
    takesLonger();
    const people = await this.database.tx(async (tx) => {
      const found = await this.sources.audienceOf(tx, blast.id);
      return (await tx.one<{ n: number }>(sql`select count(distinct customer_id)::int as n from (${found}) a`)).n;
    });
    const audience = Math.round(people * (1 - blast.holdoutPercent / 100));
    return { audience, plan: this.plan(blast, audience) };
  }

  private plan({ purpose, notBefore, notAfter, ratePerSecond }: Blast, left: number): BlastPlan {
    const now = this.clock.now();
    const from = notBefore && notBefore > now ? notBefore : now;
    const spans = this.gate.openSpans(purpose, { from, until: new Date(from.getTime() + LOOK_AHEAD_DAYS * DAY_MS) });
    return planBlast({ left, ratePerSecond, from, notAfter, spans });
  }
}
