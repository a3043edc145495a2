import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { measuredOutcome } from '../claims/release-cause.policy.js';
import { SwitchFindings } from './switch-findings.commands.js';
import { SwitchMatching } from './switch-matching.commands.js';
import { SwitchRecords } from './switch-records.commands.js';

const LEGS_AT_ONCE = 5_000;
/** Events are kept as long as one more of their call may come, and a while. */
const EVENTS_KEPT_DAYS = 40;

/** Brings calls that a switch told event by event to their attempts, by the same rule as records of files (SYS-3, R37). */
@Injectable()
export class SwitchLegs {
  constructor(
    private readonly db: Database,
    private readonly records: SwitchRecords,
    private readonly matching: SwitchMatching,
    private readonly findings: SwitchFindings,
  ) {}

  /** Calls of which something new is known. While an import matches, they are left to the next minute. */
  async settle(now: Date): Promise<void> {
    await this.db.tx(async (tx) => {
      if (!(await this.records.tryAlone(tx))) return;
      const due = await tx.run(sql`
        create temporary table leg_due on commit drop as
        select id from calls.call_leg where settle_at <= ${now} order by settle_at limit ${LEGS_AT_ONCE} for update skip locked`);
      if (due === 0) return;
      await this.forget(tx);
      await this.matching.match(
        tx,
        sql`select null::int as row_number, null::bigint as record_id, l.id as leg_id, l.number, l.started_at, l.agent_no, null::text as manager,
                   ${measuredOutcome(sql`l.talk_seconds`, sql`l.cause`)} as outcome, l.cause, l.talk_seconds, l.answered_at, l.ended_at, l.recording_ref,
                   l.caller_number, l.org_unit_id, o.path as org_path
            from leg_due d join calls.call_leg l on l.id = d.id join staff.v_org_unit o on o.id = l.org_unit_id`,
      );
      await this.findings.write(tx);
      await this.findings.keep(tx, { now, importId: null });
      await tx.run(sql`update calls.call_leg set settle_at = null where id in (select id from leg_due)`);
    });
  }

  async dropOldEvents(now: Date): Promise<void> {
    await this.db.run(sql`delete from calls.cti_event where received_at < ${now}::timestamptz - make_interval(days => ${EVENTS_KEPT_DAYS})`);
  }

  /** What was found when less was known: an unmatched call is looked at anew, a matched one keeps its attempt under the start it has now. */
  private async forget(tx: Tx): Promise<void> {
    await tx.run(sql`delete from calls.unmatched_record where leg_id in (select id from leg_due) and import_id is null`);
    await tx.run(sql`update calls.unmatched_record set leg_id = null where leg_id in (select id from leg_due)`);
    await tx.run(sql`
      update calls.attempt a set switch_started_at = l.started_at
      from leg_due d join calls.call_leg l on l.id = d.id
      where a.id = l.attempt_id and a.switch_started_at is distinct from l.started_at`);
  }
}
