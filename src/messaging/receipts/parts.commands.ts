import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { ReceiptState } from '../gateways/gateway.types.js';
import { codeOfParts, type HeldMessage, type HintedReceipt, matchHints, stronger, wordOfParts } from './parts.policy.js';
import { hintOf, referenceOf } from './receipt-hints.js';
import { LATEST_HOURS, meant } from './validity.js';

const CHUNK = 5000;
/** A receipt that beat its mark is no riddle yet. */
const RIDDLE_MS = 60_000;
const KEPT_DAYS = 8;

export interface PartRef {
  ref: string;
  /** As the gateway spells it. */
  gatewayId: string | null;
  messageId: string;
  parts: number;
}

interface Said {
  id: string;
  ref: string;
  gateway: string;
  messageId: string;
  said: ReceiptState;
  code: string | null;
}

interface Part {
  ref: string;
  gateway: string;
  messageId: string;
  parts: number;
  state: Exclude<ReceiptState, 'unknown'> | null;
  code: string | null;
}

/** The gateway's ids of parts, and of messages in doubt whose ids nobody was told: folded into receipts of whole messages. */
@Injectable()
export class PartsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Of the messages under one id the newest has it: a gateway may give it anew while the parts of an older one are still kept. */
  async register(gateway: string, refs: readonly PartRef[], on: Queryable = this.database): Promise<void> {
    if (refs.length === 0) return;
    await on.run(sql`
      insert into messaging.message_part (gateway_code, gateway_ref, gateway_id, message_id, parts, made_at)
      select distinct on (p.ref) ${gateway}, p.ref, p."gatewayId", p."messageId", p.parts, ${this.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(refs)}::jsonb) as p(ref text, "gatewayId" text, "messageId" uuid, parts smallint)
      order by p.ref, p."messageId" desc
      on conflict (gateway_code, gateway_ref) do update
      set gateway_id = excluded.gateway_id, message_id = excluded.message_id, parts = excluded.parts, state = null, network_code = null, made_at = excluded.made_at
      where message_part.message_id < excluded.message_id`);
  }

  /** The gateway's ids, as it spells them, of the messages of which all parts are known. */
  async gatewayIds(gateway: string, ids: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
    const rows = await this.database.rows<{ id: string; found: string[] }>(sql`
      select message_id as id, array_agg(gateway_id order by gateway_ref) as found from messaging.message_part
      where gateway_code = ${gateway} and message_id = any(${ids}::uuid[]) and gateway_id is not null group by message_id having count(*) >= max(parts)`);
    return new Map(rows.map(({ id, found }) => [id, found]));
  }

  /** Receipts of parts that have come, those of a doubt included, become receipts of their messages. */
  async fold(): Promise<void> {
    await this.solve();
    let taken = CHUNK;
    while (taken === CHUNK) taken = await this.database.tx((tx) => this.foldChunk(tx));
  }

  /**
   * Of messages whose validity has run out, those of which a part has failed: the word of the network, not its silence about the rest.
   * @returns whether there was one
   */
  async close(tx: Tx, overdue: Sql): Promise<boolean> {
    const failed = await tx.rows<{ id: string }>(sql`
      select id from messaging.message where ${overdue} and exists (
        select from messaging.message_part p where p.message_id = message.id and p.state = 'undelivered')`);
    if (failed.length === 0) return false;
    const ids = failed.map(({ id }) => id);
    await this.tell(tx, await this.partsOf(tx, ids), true);
    return true;
  }

  async forget(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 86_400_000);
    await this.database.run(sql`delete from messaging.message_part where made_at < ${before}`);
  }

  private async foldChunk(tx: Tx): Promise<number> {
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('messaging.fold'))`);
    const said = await tx.rows<Said>(sql`
      select r.id, p.gateway_ref as ref, p.gateway_code as gateway, p.message_id as "messageId", r.state as said, r.network_code as code
      from messaging.receipt r join messaging.message_part p
        on p.gateway_code = r.gateway_code and p.gateway_ref = r.gateway_ref and ${meant(sql`p.message_id`, sql`r.received_at`)}
      where r.applied_at is null and r.message_id is null order by r.id limit ${CHUNK}`);
    if (said.length === 0) return 0;
    const parts = await this.partsOf(tx, [...new Set(said.map(({ messageId }) => messageId))]);
    await this.keep(tx, said, hear(parts, said));
    await this.tell(tx, parts);
    return said.length;
  }

  private partsOf(tx: Tx, messageIds: readonly string[]): Promise<Part[]> {
    return tx.rows<Part>(sql`
      select gateway_ref as ref, gateway_code as gateway, message_id as "messageId", parts, state, network_code as code
      from messaging.message_part where message_id = any(${messageIds}::uuid[])`);
  }

  private async keep(tx: Tx, said: readonly Said[], changed: readonly Part[]): Promise<void> {
    const ids = said.map(({ id }) => id);
    await tx.run(sql`update messaging.receipt set applied_at = ${this.clock.now()} where id = any(${ids}::bigint[])`);
    await tx.run(sql`
      update messaging.message_part p set state = c.state, network_code = c.code
      from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as c(ref text, gateway text, state text, code text)
      where p.gateway_code = c.gateway and p.gateway_ref = c.ref`);
  }

  private async tell(tx: Tx, parts: readonly Part[], over = false): Promise<void> {
    const words = [...byMessage(parts)].flatMap(([messageId, all]) => {
      const [first] = all;
      const states = all.map((part) => part.state);
      const state = first ? wordOfParts(states, first.parts, over) : null;
      if (!first || !state) return [];
      const code = all.find((part) => part.state === state)?.code ?? null;
      return [{ gateway: first.gateway, messageId, state, code: state === 'undelivered' ? codeOfParts(states, first.parts, code) : code }];
    });
    await tx.run(sql`
      insert into messaging.receipt (gateway_code, message_id, state, network_code, received_at)
      select w.gateway, w."messageId", w.state, w.code, ${this.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(words)}::jsonb) as w(gateway text, "messageId" uuid, state text, code text)`);
  }

  /** Receipts under ids of which no answer ever told: of messages in doubt, where only one can be meant. */
  private async solve(): Promise<void> {
    const now = this.clock.now().getTime();
    const riddles = await this.database.rows<HintedReceipt>(sql`
      select r.gateway_code as gateway, r.gateway_ref as ref, r.hint, r.received_at as at from messaging.receipt r
      where r.applied_at is null and r.hint is not null and r.gateway_ref is not null and r.message_id is null
        and r.received_at between ${new Date(now - LATEST_HOURS * 3_600_000)} and ${new Date(now - RIDDLE_MS)}
        and not exists (select from messaging.gateway_message g
                        where g.gateway_code = r.gateway_code and g.gateway_ref = r.gateway_ref and ${meant(sql`g.message_id`, sql`r.received_at`)})
        and not exists (select from messaging.message_part p
                        where p.gateway_code = r.gateway_code and p.gateway_ref = r.gateway_ref and ${meant(sql`p.message_id`, sql`r.received_at`)})
      order by r.id desc limit ${CHUNK}`);
    if (riddles.length === 0) return;
    const solved = matchHints(riddles, await this.inDoubt([...new Set(riddles.map(({ gateway }) => gateway))]));
    for (const [key, { id, gateway, parts }] of solved) {
      await this.register(gateway, [{ ref: key.slice(gateway.length + 1), gatewayId: null, messageId: id, parts }]);
    }
  }

  private async inDoubt(gateways: readonly string[]): Promise<HeldMessage[]> {
    const rows = await this.database.rows<Omit<HeldMessage, 'hints'> & { number: string }>(sql`
      select id, number, gateway_code as gateway, parts, created_at as since from messaging.message
      where waits in ('queued', 'submitted', 'in_doubt') and gateway_code = any(${gateways}::text[]) and number is not null`);
    return rows.map(({ number, ...row }) => ({ ...row, hints: [hintOf(number, referenceOf(row.id)), hintOf(number, null)] }));
  }
}

function byMessage(parts: readonly Part[]): Map<string, Part[]> {
  const found = new Map<string, Part[]>();
  for (const part of parts) {
    const all = found.get(part.messageId);
    if (all) all.push(part);
    else found.set(part.messageId, [part]);
  }
  return found;
}

/** Each part with all that was said of it. @returns the parts of which something was */
function hear(parts: Part[], said: readonly Said[]): Part[] {
  const known = new Map(parts.map((part) => [`${part.gateway} ${part.ref}`, part]));
  const heard = new Set<Part>();
  for (const { gateway, ref, said: state, code } of said) {
    const part = known.get(`${gateway} ${ref}`);
    if (!part) continue;
    const now = stronger(part.state, state);
    if (now !== part.state || part.code === null) part.code = code ?? part.code;
    part.state = now;
    heard.add(part);
  }
  return [...heard];
}
