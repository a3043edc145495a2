import { Injectable } from '@nestjs/common';
import type { ImportContext, MergeResult, Stage } from '../../feeds/feeds.types.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { measuredOutcome } from '../claims/release-cause.policy.js';
import { SwitchFindings } from './switch-findings.commands.js';
import { SwitchMatching } from './switch-matching.commands.js';

const RECORDS_AT_ONCE = 20_000;

/** One at a time: two runs must not give one attempt to two records. */
const LOCK = sql`hashtext('calls.switch-records')`;

const AGENT = sql`coalesce(lower(manager), agent_no, '')`;

/** Brings raw records of the switch to the attempts they belong to, when they come and as long as they belong to none (CAM-6, R37). */
@Injectable()
export class SwitchRecords {
  constructor(
    private readonly db: Database,
    private readonly matching: SwitchMatching,
    private readonly findings: SwitchFindings,
  ) {}

  /** Asked before anything else is written: a retry that runs holds rows this transaction will want. */
  async alone(tx: Tx): Promise<void> {
    await tx.run(sql`select pg_advisory_xact_lock(${LOCK})`);
  }

  /** @returns false while somebody else matches */
  async tryAlone(tx: Tx): Promise<boolean> {
    return (await tx.one<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(${LOCK}) as free`)).free;
  }

  /** The staged rows without a campaign. Matched ones count as updated or unchanged, kept ones as created, updated or unchanged. */
  async take(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.replaced(sql`
      select row_number from (
        select row_number, lead(row_number) over (partition by phone, started_at, ${AGENT} order by row_number) as later
        from ${stage.table} where campaign is null) s
      where later is not null`);
    const { uploader } = context;
    await this.matching.match(
      tx,
      sql`select s.row_number, null::bigint as record_id, null::bigint as leg_id, s.phone as number, s.started_at, s.agent_no, s.manager,
                 case when s.outcome is not null then o.code when s.converted then 'converted'
                      else ${measuredOutcome(sql`s.talk_seconds`, sql`s.cause`)} end as outcome,
                 s.cause, s.talk_seconds, s.answered_at, s.ended_at, s.recording_ref, s.caller_number,
                 ${uploader.orgUnitId}::bigint as org_unit_id, ${uploader.orgPath}::text as org_path
          from ${stage.table} s
          left join calls.outcome o on s.outcome in (o.code, o.label_zh)
          where s.campaign is null`,
    );
    const matched = await this.findings.write(tx);
    const kept = await this.findings.keep(tx, context);
    const { rows } = await tx.one<{ rows: number }>(sql`select count(*)::int as rows from switch_row`);
    const updated = matched + kept.updated;
    return { created: kept.created, updated, unchanged: rows - kept.created - updated };
  }

  /** How many records of an import belong to no attempt by now. */
  async unmatchedOf(importId: string): Promise<number> {
    const { n } = await this.db.one<{ n: number }>(sql`select count(*)::int as n from calls.unmatched_record where import_id = ${importId}`);
    return n;
  }

  /** Tries the unmatched records again that are due. While an import matches, it leaves them to the next minute. */
  async retry(now: Date): Promise<void> {
    await this.db.tx(async (tx) => {
      if (!(await this.tryAlone(tx))) return;
      const tried = await tx.run(sql`
        create temporary table switch_due on commit drop as
        select id, next_try_at as due_at from calls.unmatched_record where next_try_at <= ${now} order by next_try_at limit ${RECORDS_AT_ONCE}`);
      if (tried === 0) return;
      await this.matching.match(
        tx,
        sql`select null::int as row_number, u.id as record_id, u.leg_id, u.number, u.started_at, u.agent_no, u.manager, u.outcome, u.cause, u.talk_seconds,
                   u.answered_at, u.ended_at, u.recording_ref, u.caller_number, u.org_unit_id, o.path as org_path
            from switch_due d join calls.unmatched_record u on u.id = d.id join staff.v_org_unit o on o.id = u.org_unit_id`,
      );
      await this.findings.write(tx);
      await this.findings.putOff(tx, now);
    });
  }
}
