import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { BlastContentQueries } from '../blasts/blast-content.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Blast } from '../messaging.types.js';
import { type CheckRow, CheckQueries } from './check.queries.js';
import { type Beside, checkAnswer, checkView, type CostView, costView } from './check.views.js';
import { CheckSamples } from './check-samples.queries.js';

/** What pages and API show of a look at an audience. */
@Injectable()
export class CheckPages {
  constructor(
    private readonly database: Database,
    private readonly checks: CheckQueries,
    private readonly content: BlastContentQueries,
    private readonly samples: CheckSamples,
  ) {}

  /** With customers: for planners and supervisors. `stale`: of a draft that has changed since; `finished`: there are figures. */
  async ofBlast(user: CurrentUser, blast: Blast): Promise<{ check: object | null; stale: boolean; finished: boolean }> {
    const check = await this.checks.readBy(user, await this.checks.ofBlast(blast.id));
    if (!check) return { check: null, stale: false, finished: false };
    const view = checkView(check, await this.beside(check, blast.gateway, blast.segmentId));
    return { check: view, stale: await this.isStale(blast, check), finished: check.figures !== null };
  }

  async answerOf(user: CurrentUser, blast: Blast): Promise<object | null> {
    const check = await this.checks.readBy(user, await this.checks.ofBlast(blast.id));
    return check
      ? { ...checkAnswer(check, await this.beside(check, blast.gateway, blast.segmentId)), stale: await this.isStale(blast, check) }
      : null;
  }

  async ofTemplate(user: CurrentUser, templateId: string, segmentId: string): Promise<object | null> {
    const check = await this.checks.readBy(user, await this.checks.ofTemplate(templateId, segmentId));
    return check ? checkView(check, await this.beside(check, null, segmentId)) : null;
  }

  async answerOfTemplate(user: CurrentUser, templateId: string, segmentId: string): Promise<object | null> {
    const check = await this.checks.readBy(user, await this.checks.ofTemplate(templateId, segmentId));
    return check ? checkAnswer(check, await this.beside(check, null, segmentId)) : null;
  }

  /** Only what it comes to, without a customer; null while nobody has looked at what it is now. */
  async costOf(blast: Blast): Promise<CostView | null> {
    const check = await this.checks.ofBlast(blast.id);
    if (!check?.figures || (await this.isStale(blast, check))) return null;
    return costView(check.figures, await this.price(blast.gateway));
  }

  private async isStale(blast: Blast, check: CheckRow): Promise<boolean> {
    return blast.state === 'draft' && !check.content.startsWith(await this.content.of(blast.id));
  }

  private async beside(check: CheckRow, gateway: string | null, segmentId: string | null): Promise<Beside> {
    const faults = check.figures?.faults ?? [];
    const named = await this.checks.people(faults.flatMap(({ lineIds }) => lineIds));
    const samples = check.figures ? await this.samples.of(check, segmentId) : [];
    return { price: await this.price(gateway), byLine: new Map(named.map((row) => [row.lineId, row])), samples };
  }

  /** Of a part on the gateway, or on the one messages usually take; in thousandths of a yuan. */
  private async price(gateway: string | null): Promise<number | null> {
    const row = await this.database.maybe<{ price: number | null }>(sql`
      select part_price as price from messaging.gateway where (${gateway}::text is null and active) or code = ${gateway} order by created_at, code limit 1`);
    return row?.price ?? null;
  }
}
