import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import type { Blast } from '../messaging.types.js';
import { lacking } from './approval.policy.js';
import type { ApprovalKind, ApprovalStatus } from './approval.types.js';
import { BlastApprovalsQueries, kindFor } from './approvals.queries.js';

interface Decision {
  state: 'approved' | 'refused';
  reason: string | null;
  /** The request that was read. */
  read?: string | undefined;
}

/** The words a large blast needs before it starts: asked for, given, or refused with a reason; nobody gives one to what is her own (SMS-3). */
@Injectable()
export class BlastApprovals {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly blasts: BlastsQueries,
    private readonly queries: BlastApprovalsQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * Asks for what the blast is now, each word it needs and has not got; earlier requests for something else give way. Asked again for the same, nothing changes.
   * @throws DomainError not_found · blast_approval_not_needed, blast_approval_after_start (409)
   */
  async ask(user: CurrentUser, code: string, note = ''): Promise<ApprovalStatus> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      if (blast.state !== 'draft') throw new DomainError('blast_approval_after_start', { status: 409 });
      const status = await this.queries.status(blast, tx);
      if (status.needed.length === 0) throw new DomainError('blast_approval_not_needed', { status: 409 });
      const open = status.needed.filter((kind) => !['asked', 'approved'].includes(status.standing[kind]));
      for (const kind of open) await this.request(tx, user, { blast, kind, status, note: note.trim() });
      return this.queries.status(blast, tx, status.people);
    });
  }

  private async request(
    tx: Tx,
    user: CurrentUser,
    { blast, kind, status, note }: { blast: Blast; kind: ApprovalKind; status: ApprovalStatus; note: string },
  ): Promise<void> {
    await tx.run(sql`update messaging.blast_approval set state = 'superseded' where blast_id = ${blast.id} and kind = ${kind} and state = 'asked'`);
    await tx.run(sql`
      insert into messaging.blast_approval (blast_id, kind, content, people, note, asked_by, asked_at)
      values (${blast.id}, ${kind}, ${status.content}, ${status.people}, ${note}, ${user.id}, ${this.clock.now()})`);
    const detail = { kind, people: status.people, note };
    await this.audit.record(tx, user, { action: 'blast.approval-asked', object: 'blast', id: blast.code, detail });
  }

  /** @param read the request whoever approves has before her: one made meanwhile may be for something else @throws DomainError see {@link decide} */
  approve(user: CurrentUser, code: string, read?: string): Promise<ApprovalStatus> {
    return this.decide(user, code, { state: 'approved', reason: null, read });
  }

  /** @throws DomainError see {@link decide} */
  refuse(user: CurrentUser, code: string, reason: string): Promise<ApprovalStatus> {
    return this.decide(user, code, { state: 'refused', reason: reason.trim() });
  }

  /**
   * The word of a second person, or the client's: which of them follows from who gives it.
   * @throws DomainError not_found · blast_approval_own (403) · blast_approval_not_asked, blast_approval_changed, blast_approval_moved (409)
   */
  private decide(user: CurrentUser, code: string, to: Decision): Promise<ApprovalStatus> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      const kind = kindFor(user);
      const status = await this.queries.status(blast, tx);
      const asked = status.last[kind];
      if (blast.state !== 'draft' || asked?.state !== 'asked') throw new DomainError('blast_approval_not_asked', { status: 409 });
      if (asked.askedById === user.id || blast.createdById === user.id) throw new DomainError('blast_approval_own', { status: 403 });
      const now = { status: 409, params: { people: status.people } };
      if (to.state === 'approved' && status.standing[kind] === 'changed') throw new DomainError('blast_approval_changed', now);
      if ((to.read ?? asked.id) !== asked.id) throw new DomainError('blast_approval_moved', now);
      await tx.run(sql`
        update messaging.blast_approval set state = ${to.state}, decided_by = ${user.id}, decided_at = ${this.clock.now()}, reason = ${to.reason}
        where id = ${asked.id}`);
      const detail = { kind, people: asked.people, reason: to.reason };
      await this.audit.record(tx, user, { action: `blast.approval-${to.state}`, object: 'blast', id: code, detail });
      return this.queries.status(blast, tx, status.people);
    });
  }

  /**
   * Before a blast starts. @param people whom it goes to
   * @throws DomainError blast_approval_none, _asked, _refused, _changed (409), for the client's word `blast_client_…`
   */
  async demand(tx: Tx, blast: Blast, people: number): Promise<void> {
    const lack = lacking(await this.queries.status(blast, tx, people));
    if (!lack) return;
    const whose = lack.kind === 'client' ? 'blast_client' : 'blast_approval';
    throw new DomainError(`${whose}_${lack.standing}`, { status: 409, params: { people } });
  }
}
