import { Injectable } from '@nestjs/common';
import { WatchCommands } from '../reports/band/watch.commands.js';
import { hash } from '@node-rs/argon2';
import { CalendarQueries } from '../calendar/calendar.queries.js';
import { InitialsCommands } from '../customers/search/initials.commands.js';
import { Clock } from '../kernel/clock.js';
import { addDays, dayOf } from '../kernel/day.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { CAMPAIGNS } from './campaigns.data.js';
import type { DemoManager } from './customers.data.js';
import { DemoClockCommands } from './demo-clock.commands.js';
import { DemoWorkCommands } from './demo-work.commands.js';
import { writeCare } from './demo-care.js';
import { writeCampaigns, writeHistory } from './demo-history.js';
import { writeCustomers, writeSegments } from './demo-customers.js';
import { writeOffers } from './demo-offers.js';
import { writeTickets } from './demo-tickets.js';
import { writeRota } from './demo-rota.js';
import { writeUsage } from './demo-usage.js';
import { DEMO_CUSTOMERS, makeWorld } from './demo-world.js';
import { DEMO_PASSWORD, PEOPLE, UNITS } from './province.js';

const HISTORY_DAYS = 190;
/** The fact that says: what is in here is the demo. */
export const DEMO_LOADED = 'demo.loaded';
/** Held by the connection, not by a transaction: what follows the load has its own. */
const LOCK = `select pg_advisory_lock(hashtext('demo.ensure'))`;
const SHOWN = ['m01', 'planner1', 'supervisor1', 'client1'];

@Injectable()
export class DemoCommands {
  constructor(
    private readonly db: Database,
    private readonly calendar: CalendarQueries,
    private readonly clock: Clock,
    private readonly demoClock: DemoClockCommands,
    private readonly work: DemoWorkCommands,
    private readonly initials: InitialsCommands,
    private readonly watch: WatchCommands,
  ) {}

  /**
   * At every start of the demo: loads it into an empty system, and moves its clock into calling hours. Of several processes that start at once on an
   * empty database one does so, and the others wait until all is there.
   * @returns what the console says: who may log in
   */
  async ensure(): Promise<string[]> {
    const { client, giveBack } = await this.db.borrow();
    try {
      await client.query(LOCK);
      return await this.ensureAlone();
    } finally {
      giveBack(true); // its end gives the lock back
    }
  }

  private async ensureAlone(): Promise<string[]> {
    const loaded = await this.isLoaded();
    if (!loaded && !(await this.isEmpty())) return ['DEMO=1, but this system has customers of its own: nothing was loaded.'];
    await this.demoClock.jumpIntoCallingHours();
    if (!loaded) {
      await this.load();
      await this.work.firstMorning();
      await this.watch.look(this.clock.now());
    }
    const logins = PEOPLE.filter(({ username }) => SHOWN.includes(username)).map(({ username, role }) => `${username} (${role})`);
    return [`Demo logins: ${logins.join(', ')}; password ${DEMO_PASSWORD}`];
  }

  async isLoaded(): Promise<boolean> {
    return (await this.db.maybe(sql`select 1 from platform.fact where key = ${DEMO_LOADED}`)) !== undefined;
  }

  /** Only a system that nobody has used yet is turned into the demo province. */
  async isEmpty(): Promise<boolean> {
    return (await this.db.maybe(sql`select 1 from customers.customer limit 1`)) === undefined;
  }

  /**
   * Loads the demo province, all of it or nothing: people and their rota, tariffs, 5,000 customers, half a year of calls, three campaigns, partner
   * offers, two events, a handful of tickets, what is due today. The same day gives the same figures.
   */
  async load(): Promise<void> {
    const now = this.clock.now();
    const today = dayOf(now);
    const [days, info, passwordHash] = await Promise.all([
      this.calendar.workingDaysBetween(addDays(today, -HISTORY_DAYS), addDays(today, 30)),
      this.calendar.dayInfo(today),
      hash(DEMO_PASSWORD),
    ]);
    await this.db.tx(async (tx) => {
      const managers = await this.people(tx, passwordHash, now);
      const world = makeWorld({ now, dates: { today, lunarMonth: info.lunarMonth, lunarDay: info.lunarDay }, managers, workingDays: days });
      await writeRota(tx, now, today);
      await writeOffers(tx, today);
      await writeCustomers(tx, world, now);
      await writeUsage(tx, now, today);
      await writeSegments(tx, world, now);
      await writeCampaigns(tx, world, now, today);
      await writeHistory(tx, world, now, today);
      await writeCare(tx, today);
      await writeTickets(tx, now);
      await tx.run(
        sql`insert into platform.fact (key, value) values (${DEMO_LOADED}, ${JSON.stringify({ at: now, customers: DEMO_CUSTOMERS, campaigns: CAMPAIGNS.length })}::jsonb)`,
      );
    });
    await this.initials.fill();
    await this.db.run(sql`analyze`);
  }

  private async people(tx: Tx, passwordHash: string, now: Date): Promise<DemoManager[]> {
    for (const unit of UNITS) {
      await tx.run(sql`
        with parent as (select id, path from staff.org_unit where code = ${unit.parent}),
        next as (select nextval(pg_get_serial_sequence('staff.org_unit', 'id')) as id)
        insert into staff.org_unit (id, code, name, kind, parent_id, path) overriding system value
        select next.id, ${unit.code}, ${unit.name}, ${unit.kind}, parent.id, parent.path || next.id || '/' from parent, next`);
    }
    await tx.run(sql`
      insert into staff.app_user (username, name, role, org_unit_id, password_hash, agent_no, phone, created_at)
      select p.username, p.name, p.role, u.id, ${passwordHash}, p."agentNo", p.phone, ${now}
      from jsonb_to_recordset(${JSON.stringify(PEOPLE)}::jsonb) as p(username text, name text, role text, unit text, "agentNo" text, phone text)
      join staff.org_unit u on u.code = p.unit
      order by p.username`);
    return tx.rows<DemoManager>(sql`
      select u.id, o.code as unit, o.id as "unitId" from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id
      where u.role = 'manager' and not u.technical order by u.username`);
  }
}
