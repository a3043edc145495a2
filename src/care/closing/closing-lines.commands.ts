import { Injectable } from '@nestjs/common';
import { isCentralWish } from '../../contact/contact.types.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError, InvalidInput, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { ClosingTextForm, NewClosingLineForm } from './closing-lines.forms.js';
import { CLOSING_LINES } from './closing-lines.data.js';
import { faultOf } from './closing-lines.policy.js';
import type { ClosingKind } from './closing-lines.types.js';

interface Line {
  id: string;
  kind: ClosingKind;
  value: string;
  zh: string;
  en: string;
  version: number;
}

/** Comes with every installation, and would come back with the next start. */
export const comesAlong = ({ kind, value }: Pick<Line, 'kind' | 'value'>): boolean =>
  CLOSING_LINES.some((line) => line.kind === kind && line.value === value);

/** How calls of a day end (CAR-5): rewritten by planners, for all calls from the next one on. */
@Injectable()
export class ClosingLinesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** @throws InvalidInput closing_day, closing_name, closing_no_value, closing_central · DomainError closing_known (409) */
  add(user: CurrentUser, { kind, value, zh, en }: NewClosingLineForm): Promise<{ id: string }> {
    check({ kind, value: value.trim(), zh, en });
    return this.db.tx(async (tx) => {
      const made = await tx.maybe<{ id: string }>(sql`
        insert into care.closing_line (kind, value, text_zh, text_en, changed_at) values (${kind}, ${value.trim()}, ${zh}, ${en}, ${this.clock.now()})
        on conflict do nothing returning id`);
      if (!made) throw new DomainError('closing_known', { status: 409, param: 'value', params: { value } });
      await this.audit.record(tx, user, { action: 'care.closing_line_added', object: 'closing_line', id: made.id, detail: { kind, value, zh, en } });
      return made;
    });
  }

  /** @throws InvalidInput closing_central · DomainError not_found, stale_version (409) */
  async rewrite(user: CurrentUser, id: string, { zh, en, version }: ClosingTextForm): Promise<void> {
    await this.db.tx(async (tx) => {
      const before = await this.lock(tx, id);
      check({ ...before, zh, en });
      if (before.version !== version) throw new DomainError('closing_stale', { status: 409, params: { zh: before.zh } });
      if (before.zh === zh && before.en === en) return;
      await tx.run(sql`
        update care.closing_line set text_zh = ${zh}, text_en = ${en}, version = version + 1, changed_at = ${this.clock.now()} where id = ${before.id}`);
      await this.audit.record(tx, user, { action: 'care.closing_line_changed', object: 'closing_line', id: before.id, detail: { before, zh, en } });
    });
  }

  /** Only lines that somebody added: the others say something on every day they are for. @throws DomainError not_found, closing_stays (409) */
  async remove(user: CurrentUser, id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const before = await this.lock(tx, id);
      if (comesAlong(before)) throw new DomainError('closing_stays', { status: 409 });
      await tx.run(sql`delete from care.closing_line where id = ${before.id}`);
      await this.audit.record(tx, user, { action: 'care.closing_line_removed', object: 'closing_line', id: before.id, detail: { before } });
    });
  }

  private async lock(tx: Tx, id: string): Promise<Line> {
    const line = await tx.maybe<Line>(sql`
      select id, kind, value, text_zh as zh, text_en as en, version from care.closing_line where id::text = ${id} for update`);
    if (!line) throw notFound('closing_line', id);
    return line;
  }
}

function check(line: Parameters<typeof faultOf>[0]): void {
  const fault = faultOf(line, isCentralWish);
  if (fault) throw new InvalidInput([fault]);
}
