import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { uuidAt } from '../../kernel/ids.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { BulletinContents } from './bulletin-content.queries.js';
import { SendBulletin } from './bulletins.events.js';
import { slotsDue, slotVerdict } from './slots.policy.js';

const DAY_MS = 86_400_000;
/** The log keeps half a year. */
const KEPT_DAYS = 180;

interface Due {
  id: string;
  orgUnitId: string;
  times: string[];
  activeSince: Date;
}

/** Makes each team's bulletins due: one row a bulletin and time, however often it is asked. */
@Injectable()
export class BulletinSchedule {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contents: BulletinContents,
    private readonly outbox: Outbox,
  ) {}

  /** @returns how many rows were made, left-out ones among them */
  async makeDue(): Promise<number> {
    const now = this.clock.now();
    const bulletins = await this.db.rows<Due>(sql`
      select id, org_unit_id as "orgUnitId", times, active_since as "activeSince" from reports.bulletin where active and removed_at is null order by id`);
    let made = 0;
    for (const bulletin of bulletins)
      for (const slot of slotsDue(bulletin.times, { today: dayOf(now), now, since: bulletin.activeSince }))
        made += await this.makeOne(bulletin, slot, now);
    return made;
  }

  private async makeOne({ id, orgUnitId }: Due, slot: Date, now: Date): Promise<number> {
    const known = await this.db.maybe(sql`select 1 as found from reports.bulletin_delivery where bulletin_id = ${id} and slot = ${slot}`);
    if (known) return 0;
    const verdict = slotVerdict(slot, { now, idle: await this.contents.isIdle(orgUnitId) });
    const delivery = uuidAt(now);
    return this.db.tx(async (tx) => {
      const row = verdict.send ? { state: 'waiting', late: verdict.late, reason: null } : { state: 'skipped', late: false, reason: verdict.reason };
      const made = await tx.run(sql`
        insert into reports.bulletin_delivery (id, bulletin_id, slot, state, late, reason, created_at, ended_at)
        values (${delivery}, ${id}, ${slot}, ${row.state}, ${row.late}, ${row.reason}, ${now}, ${verdict.send ? null : now})
        on conflict (bulletin_id, slot) do nothing`);
      if (made > 0 && verdict.send) await this.send(tx, delivery);
      return made;
    });
  }

  private send(tx: Tx, delivery: string): Promise<void> {
    return this.outbox.add(tx, SendBulletin, { delivery });
  }

  async forgetOld(): Promise<number> {
    return this.db.run(sql`delete from reports.bulletin_delivery where created_at < ${new Date(this.clock.now().getTime() - KEPT_DAYS * DAY_MS)}`);
  }
}
