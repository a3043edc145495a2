import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { changesOf, checkItem } from './setup-item.policy.js';
import { checkSettings, type RetentionSettings } from './settings.policy.js';
import { RetentionSettingsQueries } from './settings.queries.js';
import { SetupQueries } from './setup.queries.js';
import { seenOf } from './setup.views.js';
import type { Answer, RetentionOffer, SetupItem, SetupKind, Source, Strategy } from './setup.types.js';

/** Changes what retention goes by; each change stands in the audit log with what it was before (RET-1, RET-3). */
@Injectable()
export class SetupCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly setup: SetupQueries,
    private readonly settings: RetentionSettingsQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * @param version what the reader saw
   * @returns whether anything changed
   * @throws InvalidInput retention_setting_range · DomainError retention_setup_stale (409)
   */
  async set(user: CurrentUser, version: number, wanted: Partial<RetentionSettings>): Promise<boolean> {
    checkSettings(wanted);
    return this.database.tx(async (tx) => {
      await lock(tx);
      const before = await this.settings.row(tx);
      if (before.version !== version) throw stale();
      const changes = changesOf(before.settings, wanted);
      if (Object.keys(changes).length === 0) return false;
      const chosen = Object.fromEntries(Object.entries(changes).map(([name, { to }]) => [name, to]));
      await tx.run(sql`
        update retention.settings set version = version + 1, chosen = chosen || ${JSON.stringify(chosen)}::jsonb, updated_at = ${this.clock.now()}, updated_by = ${user.id}`);
      await this.tell(tx, user, 'settings', changes);
      return true;
    });
  }

  /**
   * Writes one source, strategy, offer, reason or direction. Nothing is ever deleted: cases name it; it is switched off.
   * @param code of the one that is changed; null: a new one
   * @returns whether anything changed
   * @throws InvalidInput at each wrong field · DomainError not_found, retention_code_taken, retention_setup_stale (409)
   */
  async save(
    user: CurrentUser,
    kind: SetupKind,
    code: string | null,
    { seen, ...item }: SetupItem & { seen?: string | undefined },
  ): Promise<boolean> {
    return this.database.tx(async (tx) => {
      await lock(tx);
      const all = await this.setup.list(kind, tx);
      const before = code === null ? null : await this.setup.item(kind, code, tx);
      if (before && seenOf(before) !== seen) throw stale();
      const after = { ...item, code: code ?? item.code };
      if (!before && all.some((one) => one.code === after.code))
        throw new DomainError('retention_code_taken', { param: 'code', params: { code: after.code } });
      checkItem(after, { known: await this.setup.codes(tx), before, others: all.filter((one) => one.code !== after.code) });
      const changes = changesOf(before, after);
      if (Object.keys(changes).length === 0) return false;
      await tx.run(this.written(kind, after, user));
      await this.tell(tx, user, `${kind}/${after.code}`, changes);
      return true;
    });
  }

  private async tell(tx: Tx, user: CurrentUser, id: string, changes: object): Promise<void> {
    await this.audit.record(tx, user, { action: 'retention-setup.changed', object: 'retention_setup', id, detail: { ...changes } });
  }

  private written(kind: SetupKind, item: SetupItem, user: CurrentUser): Sql {
    if (kind === 'sources') return sourceSql(item as Source);
    if (kind === 'strategies') return strategySql(item as Strategy, user, this.clock.now());
    if (kind === 'offers') return offerSql(item as RetentionOffer, user, this.clock.now());
    return answerSql(kind === 'reasons' ? 'reason' : 'direction', item as Answer);
  }
}

/** One change at a time: what one checks against must not be written by another meanwhile. */
const lock = (tx: Tx): Promise<unknown> => tx.rows(sql`select pg_advisory_xact_lock(hashtext('retention.setup'))`);
const stale = (): DomainError => new DomainError('retention_setup_stale', { status: 409 });

const answerSql = (table: 'reason' | 'direction', { code, labelZh, labelEn, sort, words, enabled }: Answer): Sql => sql`
  insert into ${rawSql(`retention.${table}`)} (code, label_zh, label_en, sort, words, enabled)
  values (${code}, ${labelZh}, ${labelEn}, ${sort}, ${[...words]}::text[], ${enabled})
  on conflict (code) do update set (label_zh, label_en, sort, words, enabled) =
    (excluded.label_zh, excluded.label_en, excluded.sort, excluded.words, excluded.enabled)`;

/** What is made here stops nothing and has no filter: both come with the product. */
const sourceSql = ({ code, labelZh, labelEn, sort, words, likelihood, draws, nightly, enabled }: Source): Sql => sql`
  insert into retention.source (code, label_zh, label_en, sort, words, likelihood, draws, nightly, enabled)
  values (${code}, ${labelZh}, ${labelEn}, ${sort}, ${[...words]}::text[], ${likelihood}::numeric / 100, ${draws}, ${nightly}, ${enabled})
  on conflict (code) do update set (label_zh, label_en, sort, words, likelihood, draws, nightly, enabled) =
    (excluded.label_zh, excluded.label_en, excluded.sort, excluded.words, excluded.likelihood, excluded.draws, excluded.nightly, excluded.enabled)`;

const strategySql = (item: Strategy, user: CurrentUser, now: Date): Sql => sql`
  insert into retention.strategy (code, name, sort, sources, reasons, star_from, star_to, goal, script, offers, enabled, updated_at, updated_by)
  values (${item.code}, ${item.name}, ${item.sort}, ${[...item.sources]}::text[], ${[...item.reasons]}::text[], ${item.starFrom}, ${item.starTo}, ${item.goal},
          ${JSON.stringify(item.script)}::jsonb, ${[...item.offers]}::text[], ${item.enabled}, ${now}, ${user.id})
  on conflict (code) do update set (name, sort, sources, reasons, star_from, star_to, goal, script, offers, enabled, updated_at, updated_by) =
    (excluded.name, excluded.sort, excluded.sources, excluded.reasons, excluded.star_from, excluded.star_to, excluded.goal, excluded.script, excluded.offers,
     excluded.enabled, excluded.updated_at, excluded.updated_by)`;

const offerSql = (item: RetentionOffer, user: CurrentUser, now: Date): Sql => sql`
  insert into retention.offer (code, name, kind, text, catalogue_code, cost_fen, star_from, star_to, least_value_fen, sources, reasons, rest_days, always_asks,
                               valid_until, enabled, updated_at, updated_by)
  values (${item.code}, ${item.name}, ${item.kind}, ${item.text}, ${item.catalogueCode}, ${item.costFen}, ${item.starFrom}, ${item.starTo}, ${item.leastValueFen},
          ${[...item.sources]}::text[], ${[...item.reasons]}::text[], ${item.restDays}, ${item.alwaysAsks}, ${item.validUntil}::date, ${item.enabled}, ${now}, ${user.id})
  on conflict (code) do update set (name, kind, text, catalogue_code, cost_fen, star_from, star_to, least_value_fen, sources, reasons, rest_days, always_asks,
                                    valid_until, enabled, updated_at, updated_by) =
    (excluded.name, excluded.kind, excluded.text, excluded.catalogue_code, excluded.cost_fen, excluded.star_from, excluded.star_to, excluded.least_value_fen,
     excluded.sources, excluded.reasons, excluded.rest_days, excluded.always_asks, excluded.valid_until, excluded.enabled, excluded.updated_at, excluded.updated_by)`;
