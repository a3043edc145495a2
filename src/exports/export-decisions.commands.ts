import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { after, type ExportStep } from './export.states.js';
import { makeExport } from './exports.jobs.js';
import { ExportsQueries } from './exports.queries.js';
import type { ExportRow } from './exports.types.js';

/** The second person's word on an export, and the first one's on taking the request back (SYS-2). */
@Injectable()
export class ExportDecisionsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly queries: ExportsQueries,
  ) {}

  /** A job makes the file then. @throws DomainError not_found, export_own, export_needs_person (403), export_not_waiting (409) */
  approve(user: CurrentUser, id: string): Promise<ExportRow> {
    return this.db.tx(async (tx) => {
      await this.lock(tx, user, id, 'approve');
      await this.secondPerson(tx, user, id);
      await this.decide(tx, user, id, { step: 'approve' });
      await this.outbox.add(tx, makeExport, { exportId: id });
      await this.audit.record(tx, user, { action: 'export.approved', object: 'export', id });
      return this.queries.byId(user, id, tx);
    });
  }

  /** @throws DomainError as {@link approve} */
  refuse(user: CurrentUser, id: string, why: string): Promise<ExportRow> {
    return this.db.tx(async (tx) => {
      await this.lock(tx, user, id, 'refuse');
      await this.secondPerson(tx, user, id);
      await this.decide(tx, user, id, { step: 'refuse', why });
      await this.audit.record(tx, user, { action: 'export.refused', object: 'export', id, detail: { why } });
      return this.queries.byId(user, id, tx);
    });
  }

  /** Takes one's own request back. @throws DomainError not_found, export_not_own (403), export_not_waiting (409) */
  withdraw(user: CurrentUser, id: string): Promise<ExportRow> {
    return this.db.tx(async (tx) => {
      const row = await this.lock(tx, user, id, 'withdraw');
      if (row.requesterId !== user.id) throw new DomainError('export_not_own', { status: 403 });
      await tx.run(sql`update exports.export set state = ${after(row.state, 'withdraw')} where id = ${id}`);
      await this.audit.record(tx, user, { action: 'export.withdrawn', object: 'export', id });
      return this.queries.byId(user, id, tx);
    });
  }

  private async lock(tx: Tx, user: CurrentUser, id: string, step: ExportStep): Promise<ExportRow> {
    await this.queries.byId(user, id, tx);
    await tx.run(sql`select from exports.export where id = ${id} for update`);
    const row = await this.queries.byId(user, id, tx);
    if (!after(row.state, step)) throw new DomainError('export_not_waiting', { status: 409 });
    return row;
  }

  /** Never the one who asked, and a person: no program lets data go. */
  private async secondPerson(tx: Tx, user: CurrentUser, id: string): Promise<void> {
    const { own, technical } = await tx.one<{ own: boolean; technical: boolean }>(sql`
      select requested_by = ${user.id} as own, exists (select from staff.v_technical_account where id = ${user.id}) as technical
      from exports.export where id = ${id}`);
    if (own) throw new DomainError('export_own');
    if (technical) throw new DomainError('export_needs_person', { status: 403 });
  }

  private async decide(tx: Tx, user: CurrentUser, id: string, { step, why }: { step: ExportStep; why?: string }): Promise<void> {
    await tx.run(sql`
      update exports.export set state = ${after('waiting', step)}, decided_by = ${user.id}, decided_at = ${this.clock.now()}, refusal = ${why ?? null}
      where id = ${id}`);
  }
}
