import { Injectable } from '@nestjs/common';
import { LookUp } from '../../platform/process/look-up.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { prepared, sql } from '../../platform/database/sql.js';
import { type CustomerSettings, DEFAULTS } from './customer-settings.types.js';

@Injectable()
export class CustomerSettingsQueries {
  private readonly shared = new LookUp<CustomerSettings>(async ([key = '']) => new Map([[key, await this.read(this.database)]]));

  constructor(private readonly database: Database) {}

  /** As they stand; what nobody has set is at its default. */
  async current(on: Queryable = this.database): Promise<CustomerSettings> {
    return (on === this.database ? await this.shared.of('all') : undefined) ?? this.read(on);
  }

  private async read(on: Queryable): Promise<CustomerSettings> {
    const rows = await on.rows<{ key: string; value: unknown }>(prepared(sql`select key, value from customers.setting`));
    const set = new Map(rows.map(({ key, value }) => [key, value]));
    return { askIdCard: set.get('askIdCard') === undefined ? DEFAULTS.askIdCard : set.get('askIdCard') === true };
  }
}
