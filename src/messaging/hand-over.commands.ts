import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { uuidAt } from '../kernel/ids.js';
import { ContactCommands } from '../contact/contact.commands.js';
import { ContactQueries } from '../contact/contact.queries.js';
import type { LastLook, Verdict } from '../contact/contact.types.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { GatewayAccount, OutgoingMessage } from './gateway.types.js';
import { GatewaysQueries } from './gateways.queries.js';
import type { MessagePurpose } from './messaging.types.js';
import { MessageValues } from './optional-values.types.js';
import { type CardRow, cardColumns, cardJoins } from './recipient-values.js';
import { VALIDITY_HOURS } from './receipts.commands.js';
import { messageMaker } from './wording.js';

/** A message whose intent is committed: it may be handed to the gateway once. */
export interface Intent extends OutgoingMessage {
  touchId: string;
  lineId: string;
}

export interface Batch {
  kind: 'batch';
  blastId: string;
  /** What the last look before the gateway goes by. */
  look: LastLook;
  account: GatewayAccount;
  ratePerSecond: number | null;
  notAfter: Date | null;
  /** Goes out so fast that the next one is better cut meanwhile; a slow one leaves time enough. */
  fast: boolean;
  intents: Intent[];
}

/** What the next step of a blast is: a batch, another look at once, a wait until an instant, or nothing (paused, cancelled, everybody through). */
export type NextStep = Batch | { kind: 'now' } | { kind: 'later'; at: Date } | { kind: 'idle' };

interface RunningBlast {
  id: string;
  code: string;
  purpose: MessagePurpose;
  signature: string;
  body: string;
  templateId: string;
  campaignId: string | null;
  /** The campaign's product family: who refused or took it rests from it, in messages too (GOV-7). */
  productFamily: string | null;
  segmentId: string | null;
  /** The ways out, in the order in which they are tried. */
  gateways: string[];
  ratePerSecond: number | null;
  notBefore: Date | null;
  notAfter: Date | null;
  /** The last line of the batch before. */
  cutAfter: string;
}

interface Refusal {
  lineId: string;
  reason: string;
}

type Draft = Omit<Intent, 'touchId'> & { customerId: string };

const MOST = 1_000;
const LEAST = 20;
/** A batch lasts about so long: a pause takes effect with the next one. */
const BATCH_SECONDS = 2;

export const batchSize = (rate: number): number => Math.min(MOST, Math.max(LEAST, Math.round(rate * BATCH_SECONDS)));

@Injectable()
export class HandOverCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly gate: ContactQueries,
    private readonly gateways: GatewaysQueries,
    private readonly values: MessageValues,
  ) {}

  /**
   * Takes the next planned recipients, asks the gate for each, and commits the intents before any gateway hears of them (R1, R18).
   * The caller holds the lock of the blast.
   */
  cut(blastId: string): Promise<NextStep> {
    return this.database.tx(async (tx) => {
      const blast = await this.running(tx, blastId);
      if (!blast) return { kind: 'idle' };
      const now = this.clock.now();
      if (blast.notAfter && now >= blast.notAfter) return this.expireAll(tx, blast.id);
      const at = this.waitUntil(blast, now);
      return at ? { kind: 'later', at } : this.cutBatch(tx, blast);
    });
  }

  /** Asked right before a batch that was cut ahead is handed over: a pause that has answered is obeyed. */
  async goesOn(blastId: string): Promise<boolean> {
    return (await this.database.maybe(sql`select from messaging.blast where id = ${blastId} and state = 'running'`)) !== undefined;
  }

  private waitUntil(blast: RunningBlast, now: Date): Date | null {
    if (blast.notBefore && now < blast.notBefore) return blast.notBefore;
    const window = this.gate.windowState(now, 'sms', blast.purpose);
    if (window.open || !window.until) return null;
    return blast.notAfter && blast.notAfter < window.until ? blast.notAfter : window.until;
  }

  /** The row is locked: a pause or cancel that has answered is seen, one that comes now waits for this batch. */
  private running(tx: Tx, blastId: string): Promise<RunningBlast | undefined> {
    return tx.maybe<RunningBlast>(sql`
      select b.id, b.code, b.purpose, b.signature, b.body, b.template_id as "templateId", b.campaign_id as "campaignId", p.family as "productFamily",
             b.segment_id as "segmentId", array[b.gateway_code] || b.fallback_codes as gateways, b.rate_per_second as "ratePerSecond", b.not_before as "notBefore",
             b.not_after as "notAfter", b.cut_after as "cutAfter"
      from messaging.blast b left join reporting.campaign p on p.id = b.campaign_id
      where b.id = ${blastId} and b.state = 'running' for no key update of b`);
  }

  /** Past `notAfter` nothing is sent: stale news is worse than none (R9). */
  private async expireAll(tx: Tx, blastId: string): Promise<NextStep> {
    await tx.run(sql`update messaging.recipient set state = 'expired', reason = 'expired', updated_at = ${this.clock.now()}
      where blast_id = ${blastId} and state = 'planned'`);
    return { kind: 'idle' };
  }

  private async cutBatch(tx: Tx, blast: RunningBlast): Promise<NextStep> {
    const account = await this.gateways.wayOut(blast.gateways, this.clock.now(), tx);
    if ('until' in account) return { kind: 'later', at: account.until };
    const size = batchSize(Math.min(account.ratePerSecond, blast.ratePerSecond ?? Infinity));
    const cards = await this.nextCards(tx, blast, size);
    const last = cards.at(-1);
    if (!last) return blast.cutAfter === '0' ? { kind: 'idle' } : this.cutBatch(tx, { ...blast, cutAfter: '0' });
    const { drafts, refusals } = await this.draft(tx, cards, blast);
    const verdicts = await this.askGate(tx, blast, drafts);
    const until = quietUntil(verdicts);
    const { intents, refused } = judge(drafts, verdicts);
    await this.refuse(tx, blast.id, [...refusals, ...refused]);
    await this.commitIntents(tx, { blast, gateway: account.code }, intents);
    if (intents.length === 0 && until) return { kind: 'later', at: until };
    await tx.run(sql`update messaging.blast set next_at = ${this.clock.now()}, cut_after = ${last.lineId} where id = ${blast.id}`);
    const { purpose, campaignId, productFamily, ratePerSecond, notAfter } = blast;
    return {
      kind: 'batch',
      blastId: blast.id,
      look: { purpose, campaignId, productFamily },
      account,
      ratePerSecond,
      notAfter,
      fast: size === MOST,
      intents,
    };
  }

  private nextCards(tx: Tx, blast: RunningBlast, limit: number): Promise<CardRow[]> {
    return tx.rows<CardRow>(sql`
      select ${cardColumns(blast.purpose)} from (
        select line_id from messaging.recipient where blast_id = ${blast.id} and line_id > ${blast.cutAfter} and state = 'planned' order by line_id limit ${limit} for update
      ) r ${cardJoins(sql`r.line_id`, blast.segmentId)} order by l.id`);
  }

  private async draft(tx: Tx, cards: readonly CardRow[], blast: RunningBlast): Promise<{ drafts: Draft[]; refusals: Refusal[] }> {
    const now = this.clock.now();
    const maker = messageMaker(blast);
    const values = await this.values.prepare(maker.variables, cards, { now, on: tx });
    const drafts: Draft[] = [];
    const refusals: Refusal[] = [];
    for (const card of cards) {
      const made = maker.make(values(card));
      if ('fault' in made) refusals.push({ lineId: card.lineId, reason: made.fault });
      else
        drafts.push({
          id: uuidAt(now),
          lineId: card.lineId,
          customerId: card.customerId,
          number: card.number,
          body: made.text,
          parts: made.parts,
          encoding: made.encoding,
        });
    }
    return { drafts, refusals };
  }

  private async askGate(tx: Tx, blast: RunningBlast, drafts: readonly Draft[]): Promise<ReadonlyMap<string, Verdict>> {
    if (drafts.length === 0) return new Map();
    return this.contact.reserveBatch(tx, {
      channel: 'sms',
      purpose: blast.purpose,
      campaignId: blast.campaignId,
      productFamily: blast.productFamily,
      at: this.clock.now(),
      text: blast.body,
      source: `blast:${blast.code}`,
      // Counts until the network has closed the message, should nobody ever hear what became of it.
      holdMinutes: VALIDITY_HOURS * 60,
      rows: drafts.map(({ customerId, number }) => ({ customerId, number })),
    });
  }

  private async refuse(tx: Tx, blastId: string, refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    await tx.run(sql`
      update messaging.recipient r set state = 'refused', reason = x.reason, updated_at = ${this.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(refusals)}::jsonb) as x("lineId" bigint, reason text)
      where r.blast_id = ${blastId} and r.line_id = x."lineId" and r.state = 'planned'`);
  }

  private async commitIntents(tx: Tx, { blast, gateway }: { blast: RunningBlast; gateway: string }, intents: readonly Intent[]): Promise<void> {
    if (intents.length === 0) return;
    const now = this.clock.now();
    const column = <K extends keyof Intent>(key: K): Intent[K][] => intents.map((intent) => intent[key]);
    await tx.run(sql`
      with intent as (
        select * from unnest(${column('id')}::uuid[], ${column('lineId')}::bigint[], ${column('number')}::text[], ${column('touchId')}::uuid[],
                             ${column('body')}::text[], ${column('parts')}::smallint[], ${column('encoding')}::text[])
          as i(id, line_id, number, touch_id, body, parts, encoding)
      ), taken as (
        update messaging.recipient r set state = 'queued', message_id = i.id, parts = i.parts, updated_at = ${now}
        from intent i where r.blast_id = ${blast.id} and r.line_id = i.line_id and r.state = 'planned'
        returning i.id, r.customer_id, i.line_id, i.number, i.touch_id, i.body, i.parts, i.encoding
      )
      insert into messaging.message (id, blast_id, customer_id, line_id, number, touch_id, template_id, purpose, body, parts, encoding, gateway_code, state, created_at)
      select id, ${blast.id}, customer_id, line_id, number, touch_id, ${blast.templateId}, ${blast.purpose}, body, parts, encoding, ${gateway}, 'queued', ${now}
      from taken`);
  }
}

/** Refused for the hour alone: not this recipient's fate, the blast waits for the window instead. */
const onlyQuiet = (verdict: Verdict): boolean =>
  !verdict.allowed && verdict.until !== null && verdict.reasons.every((reason) => reason === 'quiet_hours');

function quietUntil(verdicts: ReadonlyMap<string, Verdict>): Date | null {
  const quiet = [...verdicts.values()].filter(onlyQuiet).map((verdict) => verdict.until?.getTime() ?? 0);
  return quiet.length > 0 ? new Date(Math.min(...quiet)) : null;
}

function judge(
  drafts: readonly Draft[],
  verdicts: ReadonlyMap<string, Verdict>,
): { intents: (Intent & { customerId: string })[]; refused: Refusal[] } {
  const intents: (Intent & { customerId: string })[] = [];
  const refused: Refusal[] = [];
  for (const draft of drafts) {
    const verdict = verdicts.get(draft.customerId);
    if (verdict?.allowed) intents.push({ ...draft, touchId: verdict.touchId });
    else if (!verdict || !onlyQuiet(verdict)) refused.push({ lineId: draft.lineId, reason: verdict?.reasons[0] ?? 'inactive' });
  }
  return { intents, refused };
}
