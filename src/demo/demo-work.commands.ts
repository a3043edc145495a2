import { Injectable } from '@nestjs/common';
import { CareRulesCommands } from '../care/care-rules.commands.js';
import { PlanRunsCommands } from '../care/planning/plan-runs.commands.js';
import { Clock } from '../kernel/clock.js';
import { addDays, dayOf } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Authenticator } from '../platform/http/authenticator.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { DemoChurn } from './demo-churn.commands.js';
import { DemoMessages } from './demo-messages.commands.js';

const RULES = ['star-revisit', 'birthday', 'roaming-return'] as const;
/** Complaints and faults are called back; orders and services would fill the lists of the demo. */
const FOLLOW_UP = { services: false, orders: false, complaints: true, faults: true, restDays: 1, withinDays: 7 };
const NUMBERS_BLOCKED = 60;

/** What the people of the demo did this morning, done as they would do it: by the product's own commands. */
@Injectable()
export class DemoWorkCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly people: Authenticator,
    private readonly rules: CareRulesCommands,
    private readonly plans: PlanRunsCommands,
    private readonly messages: DemoMessages,
    private readonly churn: DemoChurn,
  ) {}

  async firstMorning(): Promise<void> {
    const planner = await this.person('planner1');
    await this.optOuts();
    for (const rule of RULES) await this.rules.change(planner, rule, { enabled: true });
    await this.rules.change(planner, 'service-follow-up', { enabled: true, settings: FOLLOW_UP });
    await this.plans.start(planner, { date: dayOf(this.clock.now()) });
    const second = await this.person('supervisor1');
    await this.messages.send(planner, second);
    await this.messages.nextWave(planner, second);
    await this.churn.tell();
  }

  private async person(username: string): Promise<CurrentUser> {
    const { id } = await this.db.one<{ id: string }>(sql`select id from staff.app_user where username = ${username}`);
    const viewer = await this.people.bySession(id);
    if (!viewer) throw new Error(`${username} cannot be asked`);
    return viewer as CurrentUser;
  }

  /** A few customers had replied TD to earlier messages. */
  private async optOuts(): Promise<void> {
    const now = this.clock.now();
    await this.db.run(sql`
      insert into contact.block (number, channel, scope, reason, source, created_at)
      select l.number, 'sms', 'marketing', '回复 TD', 'sms-reply', ${addDays(dayOf(now), -9)}::date
      from customers.line l join customers.customer c on c.id = l.customer_id where l.kind = 'main' and c.id % 83 = 0 order by l.id limit ${NUMBERS_BLOCKED}`);
  }
}
