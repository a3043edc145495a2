import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { initialsOf } from './initials.policy.js';

const ROWS_A_STEP = 5_000;

/** Gives names their initials where they were written without: before there were any, or by hand. */
@Injectable()
export class InitialsCommands {
  constructor(private readonly database: Database) {}

  /** Step by step, each committed by itself. @returns how many names got theirs */
  async fill(): Promise<number> {
    let filled = 0;
    let after = '0';
    for (;;) {
      const rows = await this.database.rows<{ id: string; name: string }>(sql`
        select id, name from customers.customer where id > ${after}::bigint and name is not null and name_initials is null order by id limit ${ROWS_A_STEP}`);
      const last = rows[rows.length - 1];
      if (!last) return filled;
      after = last.id;
      const ids = rows.map((row) => row.id);
      const initials = rows.map((row) => initialsOf(row.name));
      // a name that was changed meanwhile has got the right ones with it
      filled += await this.database.run(sql`
        update customers.customer c set name_initials = n.initials
        from unnest(${ids}::bigint[], ${initials}::text[]) as n(id, initials)
        where c.id = n.id and c.name_initials is null and n.initials is not null`);
    }
  }
}
