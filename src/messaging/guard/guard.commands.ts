import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { BlastRuleQueries } from '../figures/blast-rule.queries.js';
import { complainedSql } from '../figures/recipient-filter.js';
import { GuardBlast } from '../messaging.jobs.js';
import { type GuardCounts, mayPass, overLimit } from './guard.policy.js';

type Over = NonNullable<ReturnType<typeof overLimit>>;

/** Stops a blast that people answer with opt-outs or complaints, until a person has looked (idea 18). */
@Injectable()
export class GuardCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: BlastRuleQueries,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  /**
   * After an opt-out, in its transaction: the next batch is not cut any more. The row is never waited for, a batch that is being cut holds it and
   * may want what this transaction holds; then a job looks right after.
   */
  async afterOptOut(tx: Tx, blastId: string): Promise<void> {
    const over = await this.over(tx, blastId, false);
    if (!over) return;
    const free = await tx.maybe(sql`select 1 from messaging.blast where id = ${blastId} for update skip locked`);
    if (free) await this.pause(tx, blastId, over);
    else await this.outbox.add(tx, GuardBlast, { blastId });
  }

  lookAt(blastId: string): Promise<void> {
    return this.judge(blastId, false);
  }

  /** Complaints come from the desk, not from the network: each minute all that runs. */
  async watch(): Promise<void> {
    const running = await this.database.rows<{ id: string }>(sql`select id from messaging.blast where state = 'running' and started_at is not null`);
    for (const { id } of running) await this.judge(id, true);
  }

  /** What has come, for a person who lets it go on: from then on only what is new counts. */
  async counts(on: Queryable, blastId: string): Promise<GuardCounts> {
    const rule = await this.rules.current(on);
    const { optOuts } = await this.optOuts(on, blastId);
    const { complaints } = await on.one<{ complaints: number }>(
      sql`select count(*)::int as complaints from (${complainedSql({ blastId, rule, orders: null })}) x`,
    );
    const { delivered } = await on.one<{ delivered: number }>(
      sql`select coalesce(sum(n), 0)::int as delivered from messaging.recipient_count where blast_id = ${blastId} and state = 'delivered'`,
    );
    return { optOuts, complaints, delivered };
  }

  private optOuts(on: Queryable, blastId: string): Promise<{ optOuts: number }> {
    return on.one<{ optOuts: number }>(sql`
      select count(distinct message_id)::int as "optOuts" from messaging.reply where blast_id = ${blastId} and meaning = 'opt_out'`);
  }

  private async judge(blastId: string, whole: boolean): Promise<void> {
    const over = await this.over(this.database, blastId, whole);
    if (over) await this.database.tx((tx) => this.pause(tx, blastId, over));
  }

  /** @param whole also when the opt-outs alone cannot have passed: complaints may have */
  private async over(on: Queryable, blastId: string, whole: boolean): Promise<Over | null> {
    const blast = await on.maybe<{ base: GuardCounts | null }>(
      sql`select guard_base as base from messaging.blast where id = ${blastId} and state = 'running'`,
    );
    if (!blast) return null;
    const rule = await this.rules.current(on);
    if (!whole && !mayPass(await this.optOuts(on, blastId), blast.base, rule)) return null;
    return overLimit(await this.counts(on, blastId), blast.base, rule);
  }

  private async pause(tx: Tx, blastId: string, over: Over): Promise<void> {
    const why = { ...over, at: this.clock.now().toISOString() };
    const paused = await tx.maybe<{ code: string }>(sql`
      update messaging.blast set state = 'paused', paused_by = ${JSON.stringify(why)}::jsonb where id = ${blastId} and state = 'running' returning code`);
    if (paused) await this.audit.record(tx, 'system', { action: 'blast.paused-by-limit', object: 'blast', id: paused.code, detail: why });
  }
}
