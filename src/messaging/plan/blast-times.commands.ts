import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { stampText } from '../../platform/views/formats.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { isOpen } from '../blasts/blast.states.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { instantOf } from '../messaging.forms.js';
import { SendBatch } from '../messaging.jobs.js';
import type { Blast } from '../messaging.types.js';
import { BlastHours, type BlastMoments } from './blast-hours.queries.js';
import type { BlastTimesForm } from './blast-times.forms.js';

type Times = BlastMoments & { ownRate: number | null };

const same = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();
const told = ({ notBefore, notAfter, ownRate }: Times): object => ({
  notBefore: stampText(notBefore),
  notAfter: stampText(notAfter),
  ratePerSecond: ownRate,
});

/** Changes when and how quickly a blast goes out, and nothing of what it says or to whom: an approval holds, for text and list are frozen once it has begun. */
@Injectable()
export class BlastTimes {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly blasts: BlastsQueries,
    private readonly hours: BlastHours,
  ) {}

  /**
   * The rate at any time; the last moment while somebody is left; the first one while nothing has been sent. What a care rule or a campaign sends has its
   * moments from there.
   * @throws DomainError blast_state, blast_begun, blast_moments_ruled (409), window_reversed, blast_moment_past, blast_hours_closed
   */
  async change(user: CurrentUser, code: string, form: BlastTimesForm): Promise<Blast> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      if (!isOpen(blast.state)) throw new DomainError('blast_state', { status: 409, params: { state: blast.state, to: blast.state } });
      const wished = wish(blast, form);
      const moved = !same(wished.notBefore, blast.notBefore) || !same(wished.notAfter, blast.notAfter);
      if (moved) await this.mayMove(tx, blast, wished);
      await tx.run(sql`
        update messaging.blast set not_before = ${wished.notBefore}, not_after = ${wished.notAfter}, rate_per_second = ${wished.ownRate} where id = ${blast.id}`);
      if (moved && blast.state === 'running') await this.wake(tx, blast.id, wished.notBefore);
      await this.audit.record(tx, user, { action: 'blast.rescheduled', object: 'blast', id: code, detail: { from: told(blast), to: told(wished) } });
      return this.blasts.byCode(user, code, tx);
    });
  }

  /** Whether a gateway has been handed any of it. */
  async begun(blast: Pick<Blast, 'id'>, on: Queryable = this.database): Promise<boolean> {
    return (await on.maybe(sql`select from messaging.message where blast_id = ${blast.id} limit 1`)) !== undefined;
  }

  private async mayMove(tx: Tx, blast: Blast, wished: Times): Promise<void> {
    const first = !same(wished.notBefore, blast.notBefore);
    if (blast.createdById === null) throw new DomainError('blast_moments_ruled', { status: 409, param: first ? 'notBefore' : 'notAfter' });
    if (first && (await this.begun(blast, tx))) throw new DomainError('blast_begun', { status: 409, param: 'notBefore' });
    this.hours.demand(blast.purpose, wished);
  }

  /** Whoever waits for the old moment is woken for the new one. */
  private async wake(tx: Tx, blastId: string, notBefore: Date | null): Promise<void> {
    const now = this.clock.now();
    const runAt = notBefore && notBefore > now ? notBefore : now;
    await tx.run(sql`update messaging.blast set next_at = ${runAt} where id = ${blastId}`);
    await this.outbox.add(tx, SendBatch, { blastId }, { runAt });
  }
}

const moment = (asked: string | null | undefined, before: Date | null): Date | null => (asked === undefined ? before : instantOf(asked ?? undefined));

const wish = (blast: Blast, form: BlastTimesForm): Times => ({
  notBefore: moment(form.notBefore, blast.notBefore),
  notAfter: moment(form.notAfter, blast.notAfter),
  ownRate: form.ratePerSecond === undefined ? blast.ownRate : form.ratePerSecond,
});
