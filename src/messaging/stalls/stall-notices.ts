import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { prepared, sql } from '../../platform/database/sql.js';

/** What people see of blasts that stand still: the mark in the list, and the number at the entry of the navigation until they have looked. */
@Injectable()
export class StallNotices {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  unread(userId: string): Promise<number> {
    return this.database.count(
      prepared(sql`
      select 1 from messaging.blast_stall_notice n join messaging.blast_stall s on s.id = n.stall_id
      where n.user_id = ${userId} and n.read_at is null and s.closed_at is null`),
    );
  }

  /** The person looked at the blast. */
  async read(userId: string, code: string): Promise<void> {
    await this.database.run(sql`
      update messaging.blast_stall_notice n set read_at = ${this.clock.now()} from messaging.blast_stall s join messaging.blast b on b.id = s.blast_id
      where s.id = n.stall_id and b.code = ${code} and n.user_id = ${userId} and n.read_at is null`);
  }
}
