import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CONFIRM_HOURS, type OrderSettings } from './orders.forms.js';

const KEY = 'orderConfirmHours';

/** What is decided for the orders of all desks. */
@Injectable()
export class OrderSettingsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async current(on: Queryable = this.db): Promise<OrderSettings> {
    const row = await on.maybe<{ value: number }>(sql`select value from calls.setting where key = ${KEY}`);
    return { confirmHours: row?.value ?? CONFIRM_HOURS };
  }

  /** For orders asked about from now on; those that wait keep their end. The old value stays in the audit log. */
  async save(user: CurrentUser, { confirmHours }: OrderSettings): Promise<OrderSettings> {
    return this.db.tx(async (tx) => {
      const before = await this.current(tx);
      if (before.confirmHours === confirmHours) return before;
      await tx.run(sql`
        insert into calls.setting (key, value, updated_by, updated_at) values (${KEY}, to_jsonb(${confirmHours}::int), ${user.id}, ${this.clock.now()})
        on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at`);
      const detail = { setting: KEY, from: before.confirmHours, to: confirmHours };
      await this.audit.record(tx, user, { action: 'order-setting.changed', object: 'order-setting', id: KEY, detail });
      return { confirmHours };
    });
  }
}
