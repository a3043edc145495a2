import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

/** Who did it: the person asking, or a name for work that nobody asked for (`system`, `feed:customers`). */
export type Actor = { id: string | null; username: string; requestId?: string; ip?: string } | string;

export interface AuditFact {
  /** What was done, `user.disabled`. */
  action: string;
  /** What it was done to, `user`. */
  object: string;
  id?: string | null;
  /** What changed. Never a password, a token or a full number. */
  detail?: Record<string, unknown>;
}

/** The log that only grows: the table refuses update, delete and truncate. */
@Injectable()
export class Audit {
  constructor(private readonly clock: Clock) {}

  /** Written with the change it tells of: pass the transaction of the command. */
  async record(tx: Queryable, actor: Actor, fact: AuditFact): Promise<void> {
    const who = typeof actor === 'string' ? { id: null, username: actor, requestId: null, ip: null } : actor;
    await tx.run(sql`insert into staff.audit_entry (at, actor_id, actor, action, object_type, object_id, detail, request_id, ip)
      values (${this.clock.now()}, ${who.id}, ${who.username}, ${fact.action}, ${fact.object}, ${fact.id ?? null},
              ${JSON.stringify(fact.detail ?? {})}::jsonb, ${who.requestId ?? null}, ${who.ip ?? null})`);
  }
}
