import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { Verdict } from '../../contact/contact.types.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { keptMessage } from '../../platform/jobs/failure.policy.js';
import { BlastIntents } from './blast-intents.commands.js';
import { isOfARow, narrower } from './cut-faults.policy.js';
import { judge, quietUntil } from './cut-verdicts.js';
import type { Batch, Draft, NextStep, RunningBlast } from './cutting.types.js';
import type { GatewayAccount } from '../gateways/gateway.types.js';
import { GatewaysQueries, WAYS_OUT } from '../gateways/gateways.queries.js';
import { ReadingLine } from '../wording/reading-line.js';
import { FilingsQueries } from '../registry/filings.queries.js';
import { VALIDITY_HOURS } from '../receipts/validity.js';
import { forbiddenColumn } from '../wording/wording-rules.queries.js';

interface Cutting {
  /** Where the cuts of one run read on. */
  line: ReadingLine;
  most: number;
}

const MOST = 1_000;
const LEAST = 20;
/** Somebody may note the new filing meanwhile. */
const FILED_AGAIN_MS = 60_000;
/** A batch lasts about so long: a pause takes effect with the next one. */
const BATCH_SECONDS = 2;

export const batchSize = (rate: number): number => Math.min(MOST, Math.max(LEAST, Math.round(rate * BATCH_SECONDS)));

/** Takes people off a blast's audience, batch by batch, and commits what they are to get. */
@Injectable()
export class CuttingCommands {
  private readonly logger = new Logger('Messaging');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly gate: ContactQueries,
    private readonly gateways: GatewaysQueries,
    private readonly intents: BlastIntents,
    private readonly filings: FilingsQueries,
  ) {}

  /**
   * Takes the next planned recipients, asks the gate for each, and commits the intents before any gateway hears of them (R1, R18).
   * A row that keeps its batch from being cut fails alone (R6): smaller ones are tried until it is found. The caller holds the lock of the blast; several
   * cuts of its run may go on side by side.
   */
  async cut(blastId: string, how: Partial<Cutting> = {}): Promise<NextStep> {
    const { line = new ReadingLine(), most = MOST } = how;
    const from = line.readTo;
    try {
      return await this.cutNext(blastId, { line, most });
    } catch (error) {
      if (!isOfARow(error)) throw error;
      line.backTo(from);
      const less = narrower(most);
      return less === null ? this.failNext(blastId, line, error) : this.cut(blastId, { line, most: less });
    }
  }

  private cutNext(blastId: string, how: Cutting): Promise<NextStep> {
    return this.database.tx(async (tx) => {
      const blast = await this.running(tx, blastId);
      if (!blast) return { kind: 'idle' };
      const now = this.clock.now();
      if (blast.notAfter && now >= blast.notAfter) return this.expireAll(tx, blast.id);
      const at = this.waitUntil(blast, now);
      return at ? { kind: 'later', at } : this.cutBatch(tx, blast, how);
    });
  }

  /** The way out of a batch that was cut a while ago, as it is set up now; undefined: its blast has been paused or cancelled, or its gateway rests or is switched off. */
  async wayStill({ blastId, account }: Batch): Promise<GatewayAccount | undefined> {
    const running = await this.database.maybe(sql`select from messaging.blast where id = ${blastId} and state = 'running'`);
    if (!running) return undefined;
    const way = await this.gateways.wayOut([account.code], this.clock.now());
    return 'until' in way ? undefined : way;
  }

  private waitUntil(blast: RunningBlast, now: Date): Date | null {
    if (blast.notBefore && now < blast.notBefore) return blast.notBefore;
    const window = this.gate.windowState(now, 'sms', blast.purpose);
    if (window.open || !window.until) return null;
    return blast.notAfter && blast.notAfter < window.until ? blast.notAfter : window.until;
  }

  /** The row is held: a pause or cancel that has been answered is seen. One that comes now is seen right before the hand-over; batches do not wait for each other. */
  private running(tx: Tx, blastId: string): Promise<RunningBlast | undefined> {
    return tx.maybe<RunningBlast>(sql`
      select b.id, b.code, b.purpose, b.signature, b.body, coalesce(b.opt_out, '') as "optOut", ${forbiddenColumn(sql`b.purpose`)}, b.template_id as "templateId", b.template_version as "templateVersion", b.campaign_id as "campaignId", p.family as "productFamily",
             b.segment_id as "segmentId", ${WAYS_OUT} as gateways, b.rate_per_second as "ratePerSecond", b.not_before as "notBefore",
             b.not_after as "notAfter", b.cut_after as "cutAfter"
      from messaging.blast b left join reporting.campaign p on p.id = b.campaign_id
      where b.id = ${blastId} and b.state = 'running' for key share of b`);
  }

  /** Past `notAfter` nothing is sent: stale news is worse than none (R9). */
  private async expireAll(tx: Tx, blastId: string): Promise<NextStep> {
    await tx.run(sql`update messaging.recipient set state = 'expired', reason = 'expired', updated_at = ${this.clock.now()}
      where blast_id = ${blastId} and state = 'planned'`);
    return { kind: 'idle' };
  }

  private async cutBatch(tx: Tx, blast: RunningBlast, { line, most }: Cutting): Promise<NextStep> {
    const cutAt = this.clock.now();
    const account = await this.gateways.wayOut(blast.gateways, cutAt, tx);
    if ('until' in account) return { kind: 'later', at: account.until };
    if (await this.isUnfiled(tx, blast, account.code)) return { kind: 'later', at: new Date(cutAt.getTime() + FILED_AGAIN_MS) };
    const size = batchSize(Math.min(account.ratePerSecond, blast.ratePerSecond ?? Infinity));
    const { cards, last } = await line.next((after) => this.intents.cards(tx, blast, { after, limit: Math.min(size, most) }));
    if (!last) return { kind: 'idle' };
    const { drafts, refusals } = await this.intents.draft(tx, blast, cards);
    const verdicts = await this.askGate(tx, blast, drafts);
    const until = quietUntil(verdicts);
    const { intents, refused } = judge(drafts, verdicts);
    await this.intents.refuse(tx, blast.id, [...refusals, ...refused]);
    await this.intents.commit(tx, { blast, gateway: account.code }, intents);
    if (intents.length === 0 && until) return { kind: 'later', at: until };
    // from when on intents without an answer are looked for, whatever dies: what the first batch of a run says stands until the run has ended well
    await tx.run(
      sql`update messaging.blast set next_at = ${cutAt}, cut_after = ${last}, open_since = least(open_since, ${cutAt}) where id = ${blast.id}`,
    );
    const { purpose, campaignId, productFamily, ratePerSecond } = blast;
    return {
      kind: 'batch',
      blastId: blast.id,
      look: { purpose, campaignId, productFamily },
      account,
      ratePerSecond,
      cutAt,
      fast: size === MOST,
      intents,
    };
  }

  /** Filings end, and what care and campaigns send asked for none at a start (R43). */
  private async isUnfiled(tx: Tx, { signature, templateId, templateVersion: version }: RunningBlast, gateway: string): Promise<boolean> {
    const [fault] = await this.filings.faultsNow([{ signature, templateId, version, gateways: [gateway] }], tx);
    return Boolean(fault);
  }

  /** The row that no batch can be cut with. */
  private async failNext(blastId: string, line: ReadingLine, error: unknown): Promise<NextStep> {
    this.logger.error(`a recipient of blast ${blastId} could not be handed over: ${keptMessage(error)}`);
    return this.database.tx(async (tx) => {
      const blast = await this.running(tx, blastId);
      if (!blast) return { kind: 'idle' };
      await this.intents.failNext(tx, blast.id, line.readTo ?? blast.cutAfter);
      return { kind: 'now' };
    });
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
}
