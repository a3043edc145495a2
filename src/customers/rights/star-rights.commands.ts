import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, InvalidInput, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { rightsDifference } from './rights-difference.policy.js';
import { rightsVersion } from './rights-version.js';
import { StarRightsQueries } from './star-rights.queries.js';
import type { RightChange, StarRight } from './star-rights.types.js';

const isStar = (star: number): boolean => Number.isInteger(star) && star >= 1 && star <= 7;

/** What a star entitles to is decided here; each change is kept, because those who hold the star are told of it (CAR-3). */
@Injectable()
export class StarRightsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rights: StarRightsQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * Saves all rights of a star at once.
   * @param read `version`: what the writer saw, so that nobody takes away what they have not seen
   * @returns what was changed; empty when the words alone differ, or nothing
   * @throws DomainError not_found · star_rights_changed (409) · InvalidInput right_twice
   */
  change(user: CurrentUser, star: number, items: readonly StarRight[], read: { version?: string | undefined } = {}): Promise<RightChange[]> {
    if (!isStar(star)) throw notFound('star', String(star));
    refuseTwice(items);
    return this.database.tx(async (tx) => {
      // two at once would both compare with what stood before
      await tx.rows(sql`select pg_advisory_xact_lock(hashtext('customers.star_right'), ${star}::int)`);
      const before = await this.rights.items(star, tx);
      if (JSON.stringify(before) === JSON.stringify(items.map(plain))) return [];
      if (read.version !== undefined && read.version !== rightsVersion(before)) throw new DomainError('star_rights_changed', { status: 409 });
      await this.replace(tx, star, items);
      const changes = rightsDifference(before, items);
      if (changes.length > 0) await this.keep(tx, user, { star, changes });
      await this.audit.record(tx, user, {
        action: 'star_rights.changed',
        object: 'star',
        id: String(star),
        detail: { changes, rights: items.length },
      });
      return changes;
    });
  }

  private async replace(tx: Tx, star: number, items: readonly StarRight[]): Promise<void> {
    await tx.run(sql`delete from customers.star_right where star_level = ${star}`);
    await tx.run(sql`
      insert into customers.star_right (star_level, code, sort, label_zh, label_en, per_year)
      select ${star}::smallint, r.code, r.sort, r."labelZh", r."labelEn", r."perYear"
      from jsonb_to_recordset(${JSON.stringify(items.map((item, sort) => ({ ...item, sort })))}::jsonb)
        as r(code text, sort smallint, "labelZh" text, "labelEn" text, "perYear" smallint)`);
  }

  private async keep(tx: Tx, user: CurrentUser, { star, changes }: { star: number; changes: RightChange[] }): Promise<void> {
    await tx.run(sql`
      insert into customers.star_right_change (star_level, changes, changed_by, changed_at)
      values (${star}, ${JSON.stringify(changes)}::jsonb, ${user.id}, ${this.clock.now()})`);
  }
}

const plain = ({ code, labelZh, labelEn, perYear }: StarRight): StarRight => ({ code, labelZh, labelEn, perYear });

function refuseTwice(items: readonly StarRight[]): void {
  const twice = items.findIndex(({ code }, i) => items.findIndex((other) => other.code === code) < i);
  const right = items[twice];
  if (right) throw new InvalidInput([{ param: `items.${twice}.labelZh`, code: 'right_twice', params: { right: right.labelZh } }]);
}
