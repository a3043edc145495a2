import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import type { Blast } from '../messaging.types.js';
import { RetryQueries } from './retry.queries.js';

const LONGEST_STEM = 48;

/** Another round for those who failed for reasons that may be gone (R8). */
@Injectable()
export class RetryCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly blasts: BlastsQueries,
    private readonly retries: RetryQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * A draft like any other, to be looked at, approved and started; whom it goes to is settled at its start. While one is there it is the answer, so that
   * pressing twice makes one.
   * @throws DomainError not_found · blast_state, retry_too_late, retry_nobody (409)
   */
  async retry(user: CurrentUser, code: string): Promise<Blast> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      if (blast.state === 'draft') throw new DomainError('blast_state', { status: 409, params: { state: blast.state, to: 'retry' } });
      const open = await tx.maybe<{ code: string }>(sql`select code from messaging.blast where retry_of = ${blast.id} and state = 'draft'`);
      if (open) return this.blasts.byCode(user, open.code, tx);
      if (blast.notAfter && blast.notAfter <= this.clock.now()) throw new DomainError('retry_too_late', { status: 409 });
      if ((await this.retries.count(blast.id, tx)) === 0) throw new DomainError('retry_nobody', { status: 409 });
      const made = await this.insert(tx, user, blast);
      await this.audit.record(tx, user, { action: 'blast.retried', object: 'blast', id: code, detail: { retry: made } });
      return this.blasts.byCode(user, made, tx);
    });
  }

  /** Same template, ways out and unit; nobody is held out a second time. */
  private async insert(tx: Tx, user: CurrentUser, blast: Blast): Promise<string> {
    const stem = blast.code.replace(/-again-\d+$/, '').slice(0, LONGEST_STEM);
    const name = blast.name.replace(/ \(\d+\)$/, '');
    for (let round = 2; ; round += 1) {
      const made = await tx.maybe<{ code: string }>(sql`
        insert into messaging.blast (code, name, template_id, segment_id, campaign_id, gateway_code, fallback_codes, not_after, rate_per_second, retry_of, org_unit_id, created_by, created_at)
        select ${`${stem}-again-${round}`}, ${`${name} (${round})`}, template_id, segment_id, campaign_id, gateway_code, fallback_codes, not_after, rate_per_second, id, org_unit_id,
               ${user.id}, ${this.clock.now()} from messaging.blast where id = ${blast.id}
        on conflict (code) do nothing returning code`);
      if (made) return made.code;
    }
  }
}
