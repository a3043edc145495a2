import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Day } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import type { RuleCode } from '../care.types.js';
import { EVERYBODY } from './due.commands.js';
import { PlanChunk } from './plan-chunk.commands.js';
import { PlanStart } from './plan-start.commands.js';
import type { Chunk, ChunkResult, RunUnderWay } from './plan.types.js';

/** How much is committed at once. */
@Injectable()
export class PlanPace {
  customersPerChunk = 50_000;
}

/** Customers without a manager are the first chunk. */
const NOBODY = '0';

const inUnits = (orgPath: string): Sql =>
  orgPath === '/' ? emptySql : sql`and c.org_unit_id in (select o.id from staff.v_org_unit o where starts_with(o.path, ${orgPath}))`;

const ofManagers = (after: string, to: string): Sql =>
  to === NOBODY ? sql`c.manager_id is null` : sql`c.manager_id > ${after}::bigint and c.manager_id <= ${to}::bigint`;

/** Carries a plan run through, chunk by chunk; after a crash it goes on behind the last committed one. */
@Injectable()
export class PlanRunner {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly chunk: PlanChunk,
    private readonly pace: PlanPace,
    private readonly start: PlanStart,
  ) {}

  /** Idempotent: a run that is done stays as it is. */
  async run(runId: string): Promise<void> {
    const run = await this.begin(runId);
    if (!run) return;
    try {
      // before the chunks are cut by manager
      await this.start.prepare(run, run.orgPath === '/' ? EVERYBODY : sql`true ${inUnits(run.orgPath)}`);
      for (const chunk of await this.chunks(run)) {
        await this.start.countTables();
        await this.db.tx((tx) => this.commit(tx, run, chunk));
      }
      await this.db.run(sql`update care.plan_run set state = 'done', finished_at = ${this.clock.now()} where id = ${runId}`);
    } catch (error) {
      await this.fail(runId, error);
      if (!(error instanceof DomainError)) throw error;
    }
  }

  private async begin(runId: string): Promise<RunUnderWay | undefined> {
    const row = await this.db.maybe<{ id: string; day: Day; codes: RuleCode[]; orgPath: string; doneTo: string }>(sql`
      update care.plan_run set state = 'running', started_at = coalesce(started_at, ${this.clock.now()}), error = null, finished_at = null
      where id = ${runId} and state <> 'done'
      returning id, day, rules as codes, org_path as "orgPath", done_to as "doneTo"`);
    return row && { ...row, rules: await this.rules.inForce(row.codes) };
  }

  /** What is left, in the order of the managers' ids. */
  async chunks(run: Pick<RunUnderWay, 'orgPath' | 'doneTo'>): Promise<Chunk[]> {
    const books = await this.db.rows<{ manager: string; customers: number }>(sql`
      select coalesce(c.manager_id, 0) as manager, count(*)::int as customers from customers.v_customer c
      where coalesce(c.manager_id, 0) > ${run.doneTo}::bigint ${inUnits(run.orgPath)}
      group by 1 order by 1`);
    const chunks: Chunk[] = [];
    let after = run.doneTo;
    let size = 0;
    for (const [i, { manager, customers }] of books.entries()) {
      size += customers;
      const next = books[i + 1];
      if (next && manager !== NOBODY && size + next.customers <= this.pace.customersPerChunk) continue;
      chunks.push({ after, to: manager, who: sql`${ofManagers(after, manager)} ${inUnits(run.orgPath)}` });
      after = manager;
      size = 0;
    }
    return chunks;
  }

  /** One transaction: what is planned, the counts and how far the run has come stand or fall together. */
  async commit(tx: Tx, run: RunUnderWay, chunk: Chunk): Promise<void> {
    const before = await tx.one<ChunkResult & { doneTo: string }>(sql`
      select planned, messages, skipped, done_to as "doneTo" from care.plan_run where id = ${run.id} for update`);
    if (before.doneTo !== chunk.after) return; // somebody else has carried it on
    const result = await this.chunk.plan(tx, run, chunk);
    await tx.run(sql`
      update care.plan_run set done_to = ${chunk.to}::bigint, planned = ${sumOf(before.planned, result.planned)}::jsonb,
             messages = ${sumOf(before.messages, result.messages)}::jsonb, skipped = ${sumOf(before.skipped, result.skipped)}::jsonb
      where id = ${run.id}`);
  }

  /** The code of the refusal is kept for the page; what nobody foresaw is tried again by the job. */
  private async fail(runId: string, error: unknown): Promise<void> {
    const code = error instanceof DomainError ? error.code : 'server';
    await this.db.run(sql`update care.plan_run set state = 'failed', error = ${code}, finished_at = ${this.clock.now()} where id = ${runId}`);
  }
}

function sumOf(a: Record<string, number>, b: Record<string, number>): string {
  const sum = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return JSON.stringify(sum);
}
