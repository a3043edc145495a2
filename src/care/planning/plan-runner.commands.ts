import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import type { Day } from '../../kernel/day.js';
import { DomainError, isRefusal } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { emptySql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import type { RuleCode } from '../care.types.js';
import { EVERYBODY } from './due.commands.js';
import { PlanChunk } from './plan-chunk.commands.js';
import type { Unsent } from './plan-run.types.js';
import { PlanStart } from './plan-start.commands.js';
import type { Chunk, ChunkResult, RunUnderWay } from './plan.types.js';

/** How much is committed at once, and how many chunks are planned side by side, each on a connection of its own. */
@Injectable()
export class PlanPace {
  customersPerChunk = 50_000;
  chunksAtOnce = 2;
}

/** Customers without a manager are the first chunk. */
const NOBODY = '0';

/** A chunk whose turn comes later waits unseen by the database, which would find no deadlock between it and the one before it. */
const WAIT_NO_LONGER = rawSql(`set local lock_timeout = '60s'`);

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
    private readonly tasks: TasksCommands,
  ) {}

  /** Idempotent: a run that is done stays as it is. */
  async run(runId: string): Promise<void> {
    const run = await this.begin(runId);
    if (!run) return;
    try {
      // before the chunks are cut by manager
      await this.start.prepare(run, run.orgPath === '/' ? EVERYBODY : sql`true ${inUnits(run.orgPath)}`);
      const chunks = await this.chunks(run);
      for (let i = 0; i < chunks.length; i += this.pace.chunksAtOnce) {
        await this.start.countTables();
        await this.planTogether(run, chunks.slice(i, i + this.pace.chunksAtOnce));
      }
      await this.start.handOver();
      await this.db.run(sql`update care.plan_run set state = 'done', finished_at = ${this.clock.now()} where id = ${runId}`);
    } catch (error) {
      await this.fail(runId, error);
      if (!isRefusal(error)) throw error;
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

  /**
   * Chunks share neither a manager's day nor a customer, so that several are planned side by side; they are committed in their order, each after the one
   * before it. A transaction of its own keeps everybody else from planning meanwhile.
   */
  private planTogether(run: RunUnderWay, chunks: readonly Chunk[]): Promise<void> {
    return this.db.tx(async (hold) => {
      await this.tasks.lockPlanning(hold);
      const { doneTo } = await hold.one<{ doneTo: string }>(sql`select done_to as "doneTo" from care.plan_run where id = ${run.id}`);
      const left = chunks.filter(({ after }) => BigInt(after) >= BigInt(doneTo)); // somebody else may have carried it on
      let before: Promise<void> = Promise.resolve();
      const all = left.map((chunk) => {
        const turn = before;
        return (before = this.db.tx((tx) => this.commit(tx, run, { ...chunk, turn })));
      });
      const failed = (await Promise.allSettled(all)).find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    });
  }

  /** One transaction: what is planned, the counts and how far the run has come stand or fall together. */
  async commit(tx: Tx, run: RunUnderWay, chunk: Chunk & { turn: Promise<void> }): Promise<void> {
    await tx.run(WAIT_NO_LONGER);
    const result = await this.chunk.plan(tx, run, chunk);
    const before = await tx.one<ChunkResult>(
      sql`select planned, messages, unsent, skipped from care.plan_run where id = ${run.id} for no key update`,
    );
    await tx.run(sql`
      update care.plan_run set done_to = ${chunk.to}::bigint, planned = ${sumOf(before.planned, result.planned)}::jsonb,
             messages = ${sumOf(before.messages, result.messages)}::jsonb, skipped = ${sumOf(before.skipped, result.skipped)}::jsonb,
             unsent = ${allUnsent(before.unsent, result.unsent)}::jsonb
      where id = ${run.id}`);
  }

  /** The code of the refusal is kept for the page; what nobody foresaw is tried again by the job. */
  private async fail(runId: string, error: unknown): Promise<void> {
    const code = error instanceof DomainError ? error.code : 'server';
    await this.db.run(sql`update care.plan_run set state = 'failed', error = ${code}, finished_at = ${this.clock.now()} where id = ${runId}`);
  }
}

/** The reason of the last chunk stands: what was put right in between is no reason any more. */
function allUnsent(a: Record<string, Unsent>, b: Record<string, Unsent>): string {
  const all = { ...a };
  for (const [code, unsent] of Object.entries(b)) all[code] = { ...unsent, count: unsent.count + (a[code]?.count ?? 0) };
  return JSON.stringify(all);
}

function sumOf(a: Record<string, number>, b: Record<string, number>): string {
  const sum = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return JSON.stringify(sum);
}
