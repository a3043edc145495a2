import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError, notFound } from '../kernel/errors.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { listOf, type Sql, sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { CustomerBlocked } from './contact.events.js';
import { standingFor } from './merged.commands.js';
import type {
  BatchRequest,
  BlockReach,
  BlockRequest,
  Channel,
  CoolOffRequest,
  LastLook,
  ProtectRequest,
  Purpose,
  ReserveRequest,
  UnblockRequest,
  Verdict,
} from './contact.types.js';
import { optOutSql, standsSql } from './gate/block.queries.js';
import { restDays } from './gate/cooling-off.rule.js';
import { GateContextQueries } from './gate/gate-context.queries.js';
import { questionOf } from './gate/question.policy.js';
import { closingTime } from './gate/window.rule.js';
import { GateFigures } from './gate-figures.js';
import { Ledger } from './ledger/ledger.commands.js';

const DAY_MS = 86_400_000;

/**
 * The gate's writes. {@link reserve} and {@link reserveBatch} are the only way to contact anybody: an attempt and a message
 * carry the id of an allowed touch, the database refuses them otherwise (GOV-1, R39).
 */
@Injectable()
export class ContactCommands {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly gate: GateContextQueries,
    private readonly events: Events,
    private readonly figures: GateFigures,
  ) {}

  /**
   * Asks to contact one customer now and writes the answer to the ledger. Holds the customer until the transaction ends, so
   * that parallel asks are answered one after the other.
   * @throws DomainError not_found when there is no such customer
   */
  async reserve(tx: Tx, request: ReserveRequest): Promise<Verdict> {
    const { customerId, number, ...ask } = request;
    const verdict = (await this.reserveBatch(tx, { ...ask, rows: [{ customerId, number }] })).get(customerId);
    if (!verdict) throw notFound('customer', customerId);
    return verdict;
  }

  /** The same for many in one statement; customers who do not exist have no verdict. */
  async reserveBatch(tx: Tx, request: BatchRequest): Promise<Map<string, Verdict>> {
    const verdicts = await this.ledger.ask(tx, request);
    this.figures.count(request.channel, verdicts.values());
    return verdicts;
  }

  /**
   * Several questions in one transaction, each with its verdicts, in their order: all customers are held before the first is judged, so that two
   * of these cannot wait for each other. A customer of two questions is judged by the later one with what the earlier one wrote.
   */
  async reserveEach(tx: Tx, requests: readonly BatchRequest[]): Promise<Map<string, Verdict>[]> {
    const answers = await this.ledger.askEach(tx, requests);
    answers.forEach((verdicts, i) => this.figures.count(requests[i]?.channel ?? '', verdicts.values()));
    return answers;
  }

  /** The contact took place: it counts for good. Also when the reservation had run out meanwhile, for it happened. */
  async confirm(tx: Tx, touchIds: readonly string[], at?: Date): Promise<void> {
    await tx.run(sql`update contact.touch set state = 'confirmed', expires_at = null, at = coalesce(${at ?? null}::timestamptz, at)
      where id = any(${touchIds}::uuid[]) and allowed and state in ('reserved', 'voided')`);
  }

  /** The same within a statement of the caller's that moves what the touches belong to. @param touches a select of their ids */
  confirming(touches: Sql): Sql {
    return sql`
      update contact.touch set state = 'confirmed', expires_at = null where id = any(array(${touches})) and allowed and state in ('reserved', 'voided')`;
  }

  /** The contact did not take place: it counts no more. Confirmed touches stay. */
  async release(tx: Tx, touchIds: readonly string[]): Promise<void> {
    await tx.run(
      sql`update contact.touch set state = 'voided', expires_at = null where id = any(${touchIds}::uuid[]) and allowed and state = 'reserved'`,
    );
  }

  /**
   * Takes contacts that happened elsewhere or before into the ledger; they count against caps and are judged by no rule.
   * @param select yields id (uuid v7 of `at`), customer_id, number, channel, purpose, campaign_id, source, at; it may be read twice
   * @returns how many were new
   */
  async recordHistory(tx: Tx, select: Sql): Promise<number> {
    return this.ledger.recordHistory(tx, select);
  }

  /**
   * Puts a number on a do-not-contact list, or notes an opt-out. Said twice it is one block: the longer of both stands,
   * with its reason and source. One that has run out is closed and keeps its time in the books; the new one begins now.
   */
  async block(tx: Tx, request: BlockRequest): Promise<string> {
    const { number, channel, scope, productFamily = null, campaignId = null, reason, source, until = null, actorId } = request;
    const now = this.clock.now();
    await tx.run(sql`update contact.block set lifted_at = until, lift_reason = 'expired' where ${standing(request)} and until <= ${now}`);
    const written = await tx.maybe<{ id: string }>(sql`
      insert into contact.block as b (number, channel, scope, product_family, campaign_id, reason, source, until, created_by, created_at)
      values (${number}, ${channel}, ${scope}, ${productFamily}, ${campaignId}, ${reason}, ${source}, ${until}, ${actorId}, ${now})
      on conflict (number, channel, scope, product_family, campaign_id) where lifted_at is null
      do update set until = excluded.until, reason = excluded.reason, source = excluded.source, created_by = excluded.created_by
      where coalesce(excluded.until, 'infinity') > coalesce(b.until, 'infinity')
      returning id`);
    if (written) await this.tellOfBlock(tx, number);
    return (written ?? (await tx.one<{ id: string }>(sql`select id from contact.block where ${standing(request)}`))).id;
  }

  /** A number may be blocked before it is anybody's. */
  private async tellOfBlock(tx: Tx, number: string): Promise<void> {
    const line = await tx.maybe<{ customerId: string }>(sql`select customer_id as "customerId" from customers.v_line where number = ${number}`);
    if (line) await this.events.publish(tx, CustomerBlocked, line);
  }

  /** @throws DomainError opt_out_stays: an opt-out ends only when the customer consents anew (GOV-2) */
  async unblock(tx: Tx, request: UnblockRequest): Promise<void> {
    const { scope, reason, actorId } = request;
    if (scope !== 'all' && !request.consentedAnew) throw new DomainError('opt_out_stays', { status: 409 });
    await tx.run(sql`update contact.block set lifted_at = ${this.clock.now()}, lifted_by = ${actorId}, lift_reason = ${reason}
      where ${standing(request)}`);
  }

  /** Marketing rests while the thing behind `ref` is open (GOV-7). */
  async protect(tx: Tx, request: ProtectRequest): Promise<void> {
    await tx.run(sql`
      insert into contact.protection as p (customer_id, kind, ref, source, since, until)
      values (${standingFor(sql`${request.customerId}::bigint`)}, ${request.kind}, ${request.ref}, ${request.source}, ${request.since ?? this.clock.now()}, ${request.until ?? null})
      on conflict (customer_id, kind, ref) do update
      set until = excluded.until, source = excluded.source, released_at = null,
          since = case when p.released_at is null then p.since else excluded.since end`);
  }

  async unprotect(tx: Tx, request: Pick<ProtectRequest, 'customerId' | 'kind' | 'ref'>): Promise<void> {
    await tx.run(sql`update contact.protection set released_at = ${this.clock.now()}
      where customer_id = ${standingFor(sql`${request.customerId}::bigint`)} and kind = ${request.kind} and ref = ${request.ref} and released_at is null`);
  }

  /** The product family rests for this customer (GOV-7); a longer rest stays. */
  async coolOff(tx: Tx, { customerId, family, cause, from, days }: CoolOffRequest): Promise<void> {
    const until = new Date(from.getTime() + (days ?? restDays(this.gate.current().settings, cause)) * DAY_MS);
    await tx.run(sql`
      insert into contact.cooling_off as o (customer_id, family, until, cause) values (${standingFor(sql`${customerId}::bigint`)}, ${family}, ${until}, ${cause})
      on conflict (customer_id, family) do update set until = excluded.until, cause = excluded.cause where o.until < excluded.until`);
  }

  /** Ends a rest whose cause was corrected. */
  async endCoolOff(tx: Tx, customerId: string, family: string): Promise<void> {
    await tx.run(sql`delete from contact.cooling_off where customer_id = ${standingFor(sql`${customerId}::bigint`)} and family = ${family}`);
  }

  /** Whether the hours allow this at the moment (GOV-4): asked again for what was allowed a while ago. */
  isOpen(channel: Channel, purpose: Purpose): boolean {
    const at = this.clock.now();
    return closingTime(questionOf({ channel, purpose, at }), this.gate.current(), at) !== null;
  }

  /**
   * Of these numbers, those that may not be texted any more, with the reason: asked right before each hand-over to a gateway (GOV-2, R18).
   * Marketing and greetings rest after an opt-out; care rests for the campaign it is part of, service only for do-not-contact.
   */
  async recheckOptOuts(on: Queryable, numbers: readonly string[], look: LastLook): Promise<Map<string, 'blocked' | 'opted_out'>> {
    const { purpose, campaignId = null, productFamily = null } = look;
    const question = questionOf({ channel: 'sms', purpose, at: this.clock.now(), campaignId, productFamily });
    const rows = await on.rows<{ number: string; reason: 'blocked' | 'opted_out' }>(sql`
      select b.number, case when bool_or(b.scope = 'all') then 'blocked' else 'opted_out' end as reason from contact.block b
      where b.number = any(${listOf(numbers)}::text[]) and ${standsSql(question)} and (b.scope = 'all' or ${optOutSql(question)})
      group by b.number`);
    return new Map(rows.map(({ number, reason }) => [number, reason]));
  }
}

/** The row in force of one reach. */
const standing = ({ number, channel, scope, productFamily = null, campaignId = null }: BlockReach): Sql =>
  sql`number = ${number} and channel = ${channel} and scope = ${scope} and product_family is not distinct from ${productFamily}::text
    and campaign_id is not distinct from ${campaignId}::bigint and lifted_at is null`;
