import { Injectable } from '@nestjs/common';
import { MovedLines } from '../../calls/moved-lines.commands.js';
import { MergedCommands } from '../../contact/merged.commands.js';
import { CustomersMerged } from '../../customers/customers.events.js';
import { concernedBy, mergedLately } from '../../customers/merged.queries.js';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { OnEvent } from '../../platform/jobs/job-handler.js';
import { OpeningCommands } from './opening.commands.js';
import { StoppingCommands } from './stopping.commands.js';

const KEPT = ['retention.churn_case', 'retention.churn_intent', 'retention.churn_score', 'retention.sign'] as const;
/** In the history of a case that ends because another is of the same customer. */
const SAME_CUSTOMER = '与另一客户为同一人，并入';

/** Who turned out to be another customer has one case, and is still there if that other is (RET-1, RET-3). */
@Injectable()
export class MergedCases {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly opening: OpeningCommands,
    private readonly stopping: StoppingCommands,
    private readonly calls: MovedLines,
    private readonly contact: MergedCommands,
  ) {}

  /** May run any number of times. Calls and protections go first: what ends here ends theirs. */
  @OnEvent(CustomersMerged, 'retention.follow-merged')
  async follow(): Promise<void> {
    await this.calls.follow();
    await this.contact.follow();
    const merged = mergedLately(this.clock.now());
    await this.db.tx(async (tx) => {
      await this.opening.lock(tx);
      await this.stopping.callOff(tx, [...(await this.stop(tx, merged)), ...(await this.join(tx, merged))]);
      for (const table of KEPT)
        await tx.run(sql`update ${rawSql(table)} x set customer_id = m.merged_into from ${merged} m where x.customer_id = m.id`);
      // judged anew tonight, with what is known of both
      await tx.run(sql`delete from retention.health h using ${merged} m where h.customer_id = m.id`);
    });
  }

  /** Who applied to port out with one number is asked to stay with none. */
  private async stop(tx: Tx, merged: Sql): Promise<string[]> {
    const stopped = await tx.rows<{ id: string }>(sql`
      with stopped as (
        update retention.churn_case k set state = 'stopped', state_by = 'sign', closed_at = ${this.clock.now()}
        from ${concernedBy(merged)} p where p.id = k.customer_id and k.state in ('open', 'talking')
          and exists (select from contact.v_protection a where a.customer_id = p.person and a.kind = 'porting')
        returning k.id),
      entered as (insert into retention.entry (case_id, at, deed, state) select id, ${this.clock.now()}, 'stop', 'stopped' from stopped)
      select id from stopped`);
    return stopped.map(({ id }) => id);
  }

  /** Of two open cases the one in which somebody has talked goes on, with the signs of both. */
  private async join(tx: Tx, merged: Sql): Promise<string[]> {
    const joined = await tx.rows<{ id: string }>(sql`
      with live as (
        select k.id, first_value(k.id) over person as stays, first_value(k.no) over person as stays_no
        from retention.churn_case k join ${concernedBy(merged)} p on p.id = k.customer_id
        where k.state in ('open', 'talking')
        window person as (partition by p.person order by k.state = 'talking' desc, p.moved, k.id)),
      over as (
        update retention.churn_case k set state = 'withdrawn', state_by = 'sign', closed_at = ${this.clock.now()}
        from live l where l.id = k.id and l.stays <> l.id returning k.id, l.stays, l.stays_no),
      entered as (
        insert into retention.entry (case_id, at, deed, state, target, note)
        select id, ${this.clock.now()}, 'withdraw', 'withdrawn', stays_no, ${SAME_CUSTOMER} || stays_no from over),
      signs as (update retention.sign s set became = 'joined', case_id = o.stays from over o where s.case_id = o.id)
      select id from over`);
    return joined.map(({ id }) => id);
  }
}
