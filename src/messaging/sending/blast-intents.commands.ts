import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { uuidAt } from '../../kernel/ids.js';
import type { Tx } from '../../platform/database/database.js';
import { listOf, sql } from '../../platform/database/sql.js';
import type { Draft, Intent, Refusal, RunningBlast } from './cutting.types.js';
import { made } from '../wording/making.js';
import { MessageValues } from '../wording/optional-values.types.js';
import { type CardRow, cardColumns, cardJoins, needsOf } from '../wording/recipient-values.js';
import { type MessageMaker, messageMaker } from '../wording/wording.js';

/** Of a recipient whose own row, or our making of it, is at fault. */
const ROW_FAULT = 'row_fault';
/** Blasts that run at the same time, more or less. */
const MOST_MAKERS = 20;

/** The recipients of one batch: read, written to on paper, and either refused or intended. Called in the transaction that has locked the blast. */
@Injectable()
export class BlastIntents {
  private readonly makers = new Map<string, MessageMaker>();

  constructor(
    private readonly clock: Clock,
    private readonly values: MessageValues,
  ) {}

  /**
   * The next ones in the order of their lines, with what the wording says of them. The first cut of a run goes on from the first line when it finds nobody
   * behind the last, for who came back; a cut beside others does not: it chose its gateway before those others had their answers.
   */
  async cards(
    tx: Tx,
    blast: RunningBlast,
    { after, limit }: { after: string | undefined; limit: number },
  ): Promise<{ cards: CardRow[]; last: string | undefined }> {
    const needs = needsOf(this.makerOf(blast).variables);
    const cards = await tx.rows<CardRow>(sql`
      select ${cardColumns(blast.purpose, needs)} from (
        select line_id from messaging.recipient where blast_id = ${blast.id} and line_id > ${after ?? blast.cutAfter} and state = 'planned' order by line_id limit ${limit} for update
      ) r ${cardJoins(sql`r.line_id`, blast.segmentId, needs)} order by l.id`);
    const last = cards.at(-1)?.lineId;
    return last || after !== undefined ? { cards, last } : this.cards(tx, blast, { after: '0', limit });
  }

  async draft(tx: Tx, blast: RunningBlast, cards: readonly CardRow[]): Promise<{ drafts: Draft[]; refusals: Refusal[] }> {
    const now = this.clock.now();
    const maker = this.makerOf(blast);
    const values = await this.values.prepare(maker.variables, cards, { now, on: tx });
    const drafts: Draft[] = [];
    const refusals: Refusal[] = [];
    for (const card of cards) {
      const text = made(() => maker.make(values(card)));
      if ('fault' in text) refusals.push({ lineId: card.lineId, reason: text.fault, failed: text.fault === ROW_FAULT });
      else
        drafts.push({
          id: uuidAt(now),
          lineId: card.lineId,
          customerId: card.customerId,
          number: card.number,
          body: text.text,
          parts: text.parts,
          encoding: text.encoding,
          notAfter: blast.notAfter,
        });
    }
    return { drafts, refusals };
  }

  /** Compiled for the first batch of a blast, not for each. */
  private makerOf({ signature, body, optOut, forbidden }: RunningBlast): MessageMaker {
    const wording = { signature, body, optOut, forbidden };
    const key = JSON.stringify(wording);
    const known = this.makers.get(key);
    if (known) return known;
    if (this.makers.size >= MOST_MAKERS) this.makers.clear();
    const maker = messageMaker(wording);
    this.makers.set(key, maker);
    return maker;
  }

  async refuse(tx: Tx, blastId: string, refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    await tx.run(sql`
      update messaging.recipient r set state = case when x.failed then 'rejected' else 'refused' end, reason = x.reason, updated_at = ${this.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(refusals)}::jsonb) as x("lineId" bigint, reason text, failed boolean)
      where r.blast_id = ${blastId} and r.line_id = x."lineId" and r.state = 'planned'`);
  }

  /** The next one, who keeps every batch from being cut. */
  async failNext(tx: Tx, blastId: string, after: string): Promise<void> {
    const next = await tx.maybe<{ lineId: string }>(sql`
      select line_id as "lineId" from messaging.recipient where blast_id = ${blastId} and state = 'planned'
      order by line_id <= ${after}, line_id limit 1`);
    if (next) await this.refuse(tx, blastId, [{ ...next, reason: ROW_FAULT, failed: true }]);
  }

  /** Once this is committed each of them may be handed over, once. */
  async commit(tx: Tx, { blast, gateway }: { blast: RunningBlast; gateway: string }, intents: readonly Intent[]): Promise<void> {
    if (intents.length === 0) return;
    const now = this.clock.now();
    const column = (key: Exclude<keyof Intent, 'notAfter'>): string => listOf(intents.map((intent) => intent[key]));
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
