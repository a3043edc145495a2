import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { Answer, RetentionOffer, SetupItem, SetupKind, SourceAsKept, Strategy } from './setup.types.js';

const OFFER = sql`
  select code, name, kind, text, catalogue_code as "catalogueCode", cost_fen as "costFen", star_from as "starFrom", star_to as "starTo",
         least_value_fen as "leastValueFen", sources, reasons, rest_days as "restDays", always_asks as "alwaysAsks", valid_until as "validUntil", enabled
  from retention.offer`;
const STRATEGY = sql`
  select code, name, sort, sources, reasons, star_from as "starFrom", star_to as "starTo", goal, script, offers, enabled from retention.strategy`;
const SOURCE = sql`
  select code, label_zh as "labelZh", label_en as "labelEn", sort, words, round(likelihood * 100)::int as likelihood, stops, draws, filter, nightly, enabled
  from retention.source`;

/** Sources, reasons, directions, strategies and offers: what retention goes by, the same in the whole house. */
@Injectable()
export class SetupQueries {
  constructor(private readonly database: Database) {}

  offers(on: Queryable = this.database): Promise<RetentionOffer[]> {
    return on.rows<RetentionOffer>(sql`${OFFER} order by enabled desc, cost_fen, code`);
  }

  /** @throws DomainError not_found */
  offer(code: string, on: Queryable = this.database): Promise<RetentionOffer> {
    return this.one<RetentionOffer>('retention_offer', code, OFFER, on);
  }

  strategies(on: Queryable = this.database): Promise<Strategy[]> {
    return on.rows<Strategy>(sql`${STRATEGY} order by enabled desc, sort, code`);
  }

  /** @throws DomainError not_found */
  strategy(code: string, on: Queryable = this.database): Promise<Strategy> {
    return this.one<Strategy>('retention_strategy', code, STRATEGY, on);
  }

  sources(on: Queryable = this.database): Promise<SourceAsKept[]> {
    return on.rows<SourceAsKept>(sql`${SOURCE} order by sort, code`);
  }

  answers(kind: 'reason' | 'direction', on: Queryable = this.database): Promise<Answer[]> {
    const table = kind === 'reason' ? sql`retention.reason` : sql`retention.direction`;
    return on.rows<Answer>(sql`select code, label_zh as "labelZh", label_en as "labelEn", sort, words, enabled from ${table} order by sort, code`);
  }

  /** All of a kind in the order of their list, also what is switched off. */
  list(kind: SetupKind, on: Queryable = this.database): Promise<SetupItem[]> {
    if (kind === 'sources') return this.sources(on);
    if (kind === 'strategies') return this.strategies(on);
    return kind === 'offers' ? this.offers(on) : this.answers(kind === 'reasons' ? 'reason' : 'direction', on);
  }

  /** @throws DomainError not_found */
  async item(kind: SetupKind, code: string, on: Queryable = this.database): Promise<SetupItem> {
    const found = (await this.list(kind, on)).find((one) => one.code === code);
    if (!found) throw notFound('retention_setup', code);
    return found;
  }

  /** What strategies and offers may name. */
  async codes(on: Queryable = this.database): Promise<{ sources: string[]; reasons: string[]; offers: string[] }> {
    const codesOf = (items: readonly { code: string }[]): string[] => items.map(({ code }) => code);
    const [sources, reasons, offers] = [await this.sources(on), await this.answers('reason', on), await this.offers(on)];
    return { sources: codesOf(sources), reasons: codesOf(reasons), offers: codesOf(offers) };
  }

  private async one<T extends object>(thing: string, code: string, select: Sql, on: Queryable): Promise<T> {
    const row = await on.maybe<T>(sql`${select} where code = ${code}`);
    if (!row) throw notFound(thing, code);
    return row;
  }
}
