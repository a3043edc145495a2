import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { FIELDS } from './filter/fields.policy.js';
import type { FilterAt, FilterNode } from './filter/filter.types.js';
import { conditionsOf, readFilter } from './filter/read-filter.policy.js';
import { filterCountSql } from './segments.queries.js';
import { isSlow } from './slowness.policy.js';

/** A count that takes longer is given up: the page must answer. */
const PATIENCE_MS = 10_000;
const QUERY_CANCELED = '57014';

export interface FilterCount {
  /** null: the count was given up. */
  customers: number | null;
  tookMs: number;
  slow: boolean;
}

export interface FieldRow {
  field: string;
  kind: string;
  ops: readonly string[];
  choices: readonly string[] | null;
}

type RawFilter = Readonly<Record<string, unknown>>;

/** What a filter would find, before anything is made of it. */
@Injectable()
export class FiltersQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The closed list of what may be asked. */
  fields(): FieldRow[] {
    return Object.entries(FIELDS).map(([field, { kind, ops, choices }]) => ({ field, kind, ops, choices: choices ?? null }));
  }

  /** For whom and for when this person asks now. */
  at(user: { orgPath: string }): FilterAt {
    return { orgPath: user.orgPath, today: dayOf(this.clock.now()) };
  }

  /** Reads a filter and looks up the segments it names. @throws DomainError filter_…, filter_segment_unknown, filter_segment_is_filter */
  async check(user: CurrentUser, filter: RawFilter): Promise<FilterNode> {
    const node = readFilter(filter);
    const codes = conditionsOf(node).flatMap(({ field, value }) => (field === 'segment' ? (value as string[]) : []));
    if (codes.length === 0) return node;
    const known = await this.database.rows<{ code: string; kind: string }>(sql`
      select s.code, s.kind from segments.segment s join staff.v_org_unit o on o.id = s.org_unit_id
      where s.code = any(${codes}::text[]) and ${usableBy(user, sql`o.path`)}`);
    for (const code of codes) {
      const kind = known.find((one) => one.code === code)?.kind;
      if (!kind) throw new DomainError('filter_segment_unknown', { param: 'filter', params: { segment: code } });
      // a filter inside a filter could end up in itself
      if (kind === 'filtered') throw new DomainError('filter_segment_is_filter', { param: 'filter', params: { segment: code } });
    }
    return node;
  }

  /** How many customers of the asker's units a filter means. @throws DomainError filter_… */
  async count(user: CurrentUser, filter: RawFilter, patienceMs = PATIENCE_MS): Promise<FilterCount> {
    await this.check(user, filter);
    const statement = filterCountSql(filter, this.at(user));
    const begun = performance.now();
    const took = (): number => Math.round(performance.now() - begun);
    try {
      const { customers } = await this.database.tx(async (tx) => {
        await tx.rows(sql`select set_config('statement_timeout', ${String(patienceMs)}, true)`);
        return tx.one<{ customers: number }>(statement);
      });
      return { customers, tookMs: took(), slow: isSlow(took()) };
    } catch (error) {
      if ((error as { code?: string }).code !== QUERY_CANCELED) throw error;
      return { customers: null, tookMs: took(), slow: true };
    }
  }
}
