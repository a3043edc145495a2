import { Injectable } from '@nestjs/common';
import { CareRulesCommands } from '../care/care-rules.commands.js';
import { PlanRunsCommands } from '../care/planning/plan-runs.commands.js';
import { Clock } from '../kernel/clock.js';
import { addDays, dayOf } from '../kernel/day.js';
import { BlastsCommands } from '../messaging/blasts.commands.js';
import { TemplatesCommands } from '../messaging/templates.commands.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Authenticator } from '../platform/http/authenticator.js';
import type { CurrentUser } from '../staff/staff.types.js';

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
    private readonly templates: TemplatesCommands,
    private readonly blasts: BlastsCommands,
  ) {}

  async firstMorning(): Promise<void> {
    const planner = await this.person('planner1');
    await this.optOuts();
    for (const rule of RULES) await this.rules.change(planner, rule, { enabled: true });
    await this.rules.change(planner, 'service-follow-up', { enabled: true, settings: FOLLOW_UP });
    await this.plans.start(planner, { date: dayOf(this.clock.now()) });
    await this.messages(planner, await this.person('supervisor1'));
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

  /** One template in use and sent to a segment, one still waiting for a second person. */
  private async messages(author: CurrentUser, second: CurrentUser): Promise<void> {
    await this.templates.create(author, {
      code: 'broadband-renewal',
      name: '宽带续约提醒',
      purpose: 'marketing',
      signature: '中国电信',
      body: '{{honorific}}，您的宽带{{到期月份}}到期，现在续约一年免费提速到千兆。客户经理{{manager.name}}随后致电，也可回电{{manager.phone}}。',
    });
    await this.templates.approve(second, 'broadband-renewal');
    await this.templates.create(author, {
      code: '5g-upgrade',
      name: '5G 升档提醒',
      purpose: 'marketing',
      signature: '中国电信',
      body: '{{honorific}}，为您选好了{{推荐套餐}}，每月约省{{每月可省}}元，回复1由客户经理联系您。',
    });
    await this.blasts.create(author, {
      code: 'broadband-renewal',
      name: '宽带续约 · 首轮短信',
      template: 'broadband-renewal',
      segment: 'broadband-renewal',
      gateway: 'simulator',
    });
    await this.blasts.start(author, 'broadband-renewal');
  }
}
