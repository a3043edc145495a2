import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { filterGroups, SegmentsQueries } from '../../segments/segments.queries.js';
import type { Blast } from '../messaging.types.js';
import { optOutOf } from '../wording/wording-rules.queries.js';

/** What a draft is: whoever has looked at it or approved it has looked at exactly this (SMS-3). */
@Injectable()
export class BlastContentQueries {
  constructor(
    private readonly database: Database,
    private readonly segments: SegmentsQueries,
  ) {}

  /** Everything a planner decides, the wording in use behind it, and who stands on its list; not the course of its life. */
  async of(blastId: string, on: Queryable = this.database): Promise<string> {
    const { segmentId, plan } = await on.one<{ segmentId: string | null; plan: string }>(sql`
      select b.segment_id as "segmentId",
             jsonb_build_array(t.id, t.version, t.purpose, t.signature, t.body, ${optOutOf(sql`t.purpose`)}, b.segment_id, b.filter, b.gateway_code, b.fallback_codes,
                               b.not_before, b.not_after, b.rate_per_second, b.holdout_percent, b.retry_of)::text as plan
      from messaging.blast b join messaging.v_template t on t.id = b.template_id where b.id = ${blastId}`);
    const list = segmentId === null ? '' : await this.segments.contentOf(segmentId, on);
    const { content } = await on.one<{ content: string }>(sql`select md5(${`${plan} ${list}`}::text) as content`);
    return content;
  }

  /** What narrows its list, as the pages of segments put it, or as it was given where they have no words for it; null: nothing does. */
  async conditions(blast: Blast): Promise<{ groups: object[]; raw: string | null; everybody: boolean } | null> {
    if (!blast.filtered) return null;
    const { filter } = await this.database.one<{ filter: Record<string, unknown> }>(sql`select filter from messaging.blast where id = ${blast.id}`);
    const groups = filterGroups(filter);
    const everybody = Object.keys(filter).length === 0;
    return { groups, raw: groups.length > 0 || everybody ? null : JSON.stringify(filter), everybody };
  }
}
