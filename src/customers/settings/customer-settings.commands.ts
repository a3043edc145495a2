import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CustomerSettingsQueries } from './customer-settings.queries.js';
import type { CustomerSettings } from './customer-settings.types.js';

@Injectable()
export class CustomerSettingsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: CustomerSettingsQueries,
    private readonly audit: Audit,
  ) {}

  /** Saves what differs, each change with its old value in the audit log. */
  async save(user: CurrentUser, wanted: CustomerSettings): Promise<void> {
    await this.database.tx(async (tx) => {
      const before = await this.settings.current(tx);
      if (before.askIdCard === wanted.askIdCard) return;
      await tx.run(sql`
        insert into customers.setting (key, value, updated_by, updated_at) values ('askIdCard', ${JSON.stringify(wanted.askIdCard)}::jsonb, ${user.id}, ${this.clock.now()})
        on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at`);
      const detail = { setting: 'askIdCard', from: before.askIdCard, to: wanted.askIdCard };
      await this.audit.record(tx, user, { action: 'customer-setting.changed', object: 'customer-setting', id: 'askIdCard', detail });
    });
  }
}
