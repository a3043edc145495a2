import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Audit } from '../staff/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';

@Injectable()
export class ExportsCommands {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
  ) {}

  /** Writes down who took which figures out, before the first byte leaves (SYS-2). */
  record(user: CurrentUser, what: 'funnel' | 'rows', detail: Record<string, unknown>): Promise<void> {
    return this.db.tx((tx) => this.audit.record(tx, user, { action: `export.${what}`, object: 'report', id: what, detail }));
  }
}
