import { Injectable } from '@nestjs/common';
import { dayOf } from '../../kernel/day.js';
import { uuidAt } from '../../kernel/ids.js';
import type { Tx } from '../../platform/database/database.js';
import { listOf, prepared, type Sql, sql } from '../../platform/database/sql.js';
import { centralGreetingRule } from '../gate/central-greeting.rule.js';
import { isCentralWish } from '../gate/central-wish.policy.js';
import type { BatchRequest, Reason, Recipient, Verdict } from '../contact.types.js';
import { tryAgainAt } from '../gate/gate.policy.js';
import { GateContextQueries } from '../gate/gate-context.queries.js';
import { judgedSql } from '../gate/gate.queries.js';
import type { GateContext, GateFacts, Question } from '../gate/gate.types.js';
import { questionOf } from '../gate/question.policy.js';
import { systemOf } from '../foreign/foreign-system.policy.js';
import { slotsFor, slotsText, windowRule } from '../gate/window.rule.js';

/** Advisory locks of the gate: one for the whole of it, one class for single customers. */
const WHOLE_GATE = 7_202_010;
const CUSTOMER_CLASS = 720_201;
const LOCK_RANGE = 2_147_483_647;

/** Each held lock takes a place in a table of fixed size: a batch above this holds the whole gate instead. */
const MAX_CUSTOMER_LOCKS = 2_000;
/** Above this a statement is planned anew each time, for its true size. */
const PREPARED_UP_TO = 1_000;

const NO_FACTS: GateFacts = { customer: null, lineHealth: null, lineStatus: null, blocks: [], touches: [], protections: [], coolingOff: [] };

interface JudgedRow {
  customerId: string;
  touchId: string;
  /** null: nothing says no. */
  reasons: Reason[] | null;
  waitUntil: Date | number | null;
}

/** Locks, judges and writes in sets: what {@link ContactCommands.reserve} and its batch form stand on. */
@Injectable()
export class Ledger {
  private readonly monthsSeen = new Set<string>();

  constructor(private readonly gate: GateContextQueries) {}

  async ask(tx: Tx, request: BatchRequest): Promise<Map<string, Verdict>> {
    const [verdicts = new Map<string, Verdict>()] = await this.askEach(tx, [request]);
    return verdicts;
  }

  async askEach(tx: Tx, requests: readonly BatchRequest[]): Promise<Map<string, Verdict>[]> {
    const ids = [...new Set(requests.flatMap((request) => request.rows.map((row) => row.customerId)))];
    if (ids.length === 0) return requests.map(() => new Map());
    const context = this.gate.current();
    for (const request of requests) await this.ensureMonth(tx, request.at);
    await this.lock(tx, ids);
    const answers: Map<string, Verdict>[] = [];
    for (const request of requests) answers.push(await this.verdicts(tx, request, context));
    return answers;
  }

  private async verdicts(tx: Tx, request: BatchRequest, context: GateContext): Promise<Map<string, Verdict>> {
    const rows = [...new Map(request.rows.map((row) => [row.customerId, row])).values()];
    if (rows.length === 0) return new Map();
    const judged = await this.judge(tx, { request, rows, context });
    const question = asked(request);
    const expiresAt = expiry(request, context);
    const again = onceForEach((wait) => tryAgainAt(question, [{ until: wait }], context));
    return new Map(judged.map((row) => [row.customerId, verdictOf(row, question.at, again, expiresAt)]));
  }

  /**
   * Customers are held in the order of their ids, so that two batches cannot wait for each other; a lock of our own and
   * never the customer's row, which an import may hold. A snapshot is taken after the lock, hence two statements.
   */
  private async lock(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length > MAX_CUSTOMER_LOCKS) {
      await tx.run(sql`select pg_advisory_xact_lock(${WHOLE_GATE}::bigint)`);
      return;
    }
    await tx.run(
      prepared(sql`
      select count(pg_advisory_xact_lock(${CUSTOMER_CLASS}::int, key))
      from (select distinct (id % ${LOCK_RANGE}::bigint)::int as key from unnest(${listOf(ids)}::bigint[]) as asked(id) order by 1) as ordered,
           (select pg_advisory_xact_lock_shared(${WHOLE_GATE}::bigint)) as gate`),
    );
  }

  private async judge(tx: Tx, batch: { request: BatchRequest; rows: readonly Recipient[]; context: GateContext }): Promise<JudgedRow[]> {
    const { request, rows, context } = batch;
    const question = asked(request);
    const judged = judgedSql({
      // random numbers are cheaper here than in the database, which asks the system for each
      ask: sql`select customer_id, number, actor_id, id
        from unnest(${listOf(rows.map((row) => row.customerId))}::bigint[], ${listOf(rows.map((row) => row.number))}::text[],
                    ${listOf(rows.map((row) => row.actorId ?? request.actorId ?? null))}::bigint[], ${listOf(rows.map(() => uuidAt(request.at)))}::uuid[]) as a(customer_id, number, actor_id, id)`,
      question,
      settings: context.settings,
      moment: {
        quietHours: sql`${windowRule.check(question, NO_FACTS, context) !== null}::boolean`,
        slots: slotsText(slotsFor(question, context)),
        centralGreeting: sql`${centralGreetingRule.check(question, NO_FACTS, context) !== null}::boolean`,
      },
      withFacts: true,
      oneByOne: rows.length <= PREPARED_UP_TO,
    });
    const statement = sql`with ${judged},
      written as (
        insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, reasons, campaign_id, source, actor_id, at, expires_at, facts)
        select id, reasons = '{}', case when reasons = '{}' then 'reserved' else 'refused' end, customer_id, number, ${request.channel}, ${request.purpose},
               reasons, ${request.campaignId ?? null}::bigint, ${request.source}, actor_id, ${request.at},
               case when reasons = '{}' then ${expiry(request, context)}::timestamptz end, facts
        from judged)
      select customer_id as "customerId", id as "touchId", nullif(reasons, '{}') as reasons, wait_until as "waitUntil" from judged`;
    // the text depends on channel and purpose only
    return tx.rows<JudgedRow>(rows.length > PREPARED_UP_TO ? statement : prepared(statement));
  }

  async recordHistory(tx: Tx, select: Sql): Promise<number> {
    const span = await tx.one<{ first: string | null; last: string | null }>(
      sql`select platform.day_of(min(at)) as first, platform.day_of(max(at)) as last from (${select}) as happened`,
    );
    if (span.first === null) return 0;
    await tx.run(sql`select platform.ensure_partitions('contact.touch', ${span.first}::date, ${span.last}::date)`);
    return tx.run(sql`
      insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, campaign_id, source, at)
      select id, true, 'history', customer_id, number, channel, purpose, campaign_id, source, at from (${select}) as happened
      on conflict (id, allowed) do nothing`);
  }

  /** The month's partition is made ahead by a schedule; this is for the first contact of a fresh system and for moved clocks. */
  private async ensureMonth(tx: Tx, at: Date): Promise<void> {
    const month = dayOf(at).slice(0, 7).replace('-', '');
    if (this.monthsSeen.has(month)) return;
    const { known } = await tx.one<{ known: boolean }>(sql`select to_regclass(${`contact.touch_${month}`}) is not null as known`);
    // remembered only when it was there before: what this transaction makes may be rolled back
    if (known) this.monthsSeen.add(month);
    else await tx.run(sql`select platform.ensure_partitions('contact.touch', ${dayOf(at)}::date, ${dayOf(at)}::date)`);
  }
}

const asked = (request: BatchRequest): Question =>
  questionOf({
    channel: request.channel,
    purpose: request.purpose,
    at: request.at,
    productFamily: request.productFamily ?? null,
    campaignId: request.campaignId ?? null,
    callWindow: request.callWindow ?? null,
    system: systemOf(request.source),
    centralWish: isCentralWish(request.text ?? ''),
  });

const expiry = (request: BatchRequest, context: GateContext): Date =>
  new Date(request.at.getTime() + (request.holdMinutes ?? context.settings.holdMinutes) * 60_000);

/** Thousands wait for the same few instants: each is worked out once. */
function onceForEach(workOut: (wait: Date | null) => Date | null): (wait: Date | null) => Date | null {
  const known = new Map<number | null, Date | null>();
  return (wait) => {
    const key = wait?.getTime() ?? null;
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const fresh = workOut(wait);
    known.set(key, fresh);
    return fresh;
  };
}

function verdictOf({ reasons, touchId, waitUntil }: JudgedRow, at: Date, again: (wait: Date | null) => Date | null, expiresAt: Date): Verdict {
  if (reasons === null) return { allowed: true, reasons: [], touchId, expiresAt, until: null };
  const never = typeof waitUntil === 'number'; // 'infinity'
  return { allowed: false, reasons, touchId, expiresAt: null, until: again(never ? null : (waitUntil ?? at)) };
}
