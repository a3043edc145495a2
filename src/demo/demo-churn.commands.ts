import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Day, dayOf } from '../kernel/day.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { SignsCommands } from '../retention/cases/signs.commands.js';
import { HealthCommands } from '../retention/health/health.commands.js';

/** Signs by turns: what the list calls it, and what it says. */
const SIGNS: readonly (readonly [source: string, reason: string])[] = [
  ['携转查询', '对手给了更低的资费'],
  ['销户申请', '搬到外地，号码用不上了'],
  ['合约到期', ''],
  ['携转查询', '家里信号不好，投诉过'],
  ['停机保号', '换号使用新号'],
  ['主卡降档', '资费太贵'],
  ['携转申请', ''],
];
const EVERY = 97;

/** What the province's lists say of leaving, and what the product makes of it: cases with their calls, the health of everybody. */
@Injectable()
export class DemoChurn {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly signs: SignsCommands,
    private readonly health: HealthCommands,
  ) {}

  async tell(): Promise<void> {
    const now = this.clock.now();
    await this.database.tx((tx) => writeChurn(tx, now, dayOf(now)));
    await this.signs.takeLists();
    await this.health.refresh();
  }
}

/** Of some who are on no call list: scores of today, signs of these days, and offers to keep them with. */
async function writeChurn(tx: Tx, now: Date, today: Day): Promise<void> {
  await tx.run(sql`
    insert into retention.churn_score (customer_id, line_id, score, reasons, scored_on, created_at, updated_at)
    select k.customer_id, k.line_id, ((k.customer_id * 37) % 100) / 100.0,
           (array['近三月用量下降；合约快到期；投诉过', '账单突增；查过携转', '近两月没有上网；副卡停用'])[1 + k.customer_id % 3], ${today}::date, ${now}, ${now}
    from customers.v_contact_line k where k.customer_id % 7 = 3`);
  await tx.run(sql`
    insert into retention.churn_intent (customer_id, line_id, source, reason, noted_on, created_at, updated_at)
    select k.customer_id, k.line_id, s.source, nullif(s.reason, ''), ${today}::date - (k.customer_id % 3)::int, ${now}, ${now}
    from customers.v_contact_line k
    join customers.v_customer c on c.id = k.customer_id and c.status = 'active'
    join jsonb_to_recordset(${JSON.stringify(SIGNS.map(([source, reason], place) => ({ place, source, reason })))}::jsonb) as s(place int, source text, reason text)
      on s.place = (k.customer_id / ${EVERY}::int) % ${SIGNS.length}::int
    where k.customer_id % ${EVERY}::int = 0 and not exists (select from calls.task t where t.customer_id = k.customer_id and t.state in ('open', 'claimed'))
      and not exists (select from tickets.ticket x where x.customer_id = k.customer_id)`);
  await tx.run(sql`
    insert into retention.offer (code, name, kind, text, cost_fen, star_from, reasons, updated_at) values
      ('FEE20', '每月立减20元（6个月）', 'discount', '连续6个月，每月从账单里减20元', 12000, 0, '{}', ${now}),
      ('DATA20', '每月送20 GB（6个月）', 'data', '连续6个月，每月多20 GB，不用不收费', 6000, 0, '{}', ${now}),
      ('MATCH', '对手资费补差', 'discount', '按对手同档资费补差一年', 36000, 4, '{competition}', ${now}),
      ('PHONE', '合约购机补贴', 'device', '签两年，购机补贴800元', 80000, 5, '{}', ${now})`);
}
