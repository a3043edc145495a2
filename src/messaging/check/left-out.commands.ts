import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { Blast, Wording } from '../messaging.types.js';
import { BlastIntents } from '../sending/blast-intents.commands.js';
import type { Refusal } from '../sending/cutting.types.js';
import { made } from '../wording/making.js';
import { MessageValues } from '../wording/optional-values.types.js';
import { type MessageMaker, messageMaker, type Values } from '../wording/wording.js';
import { type TupleRow, tuples } from './tuples.js';

/** One card may stand for most of a large audience. */
const AT_ONCE = 10_000;

/** Whoever is left out by word at a start, because no text can be made. */
@Injectable()
export class LeftOut {
  constructor(
    private readonly clock: Clock,
    private readonly intents: BlastIntents,
    private readonly values: MessageValues,
  ) {}

  /** Off the list at once, by the judgement and under the reason of the sending: those still planned are those of whom the start was told. */
  async take(tx: Tx, { id, segmentId, notBefore }: Blast, wording: Wording): Promise<void> {
    const maker = messageMaker(wording);
    const people = sql`select customer_id, line_id from messaging.recipient where blast_id = ${id} and state = 'planned'`;
    const now = notBefore ?? this.clock.now();
    for await (const rows of tuples(tx, { people, segmentId, variables: maker.variables, purpose: wording.purpose, whole: true })) {
      const valuesOf = await this.values.prepare(maker.variables, rows, { now, on: tx });
      const refusals = rows.flatMap((row) => without(maker, row, () => valuesOf(row)));
      for (let from = 0; from < refusals.length; from += AT_ONCE) await this.intents.refuse(tx, id, refusals.slice(from, from + AT_ONCE));
    }
  }
}

/** All whom the card stands for, if there is no text for it. Where the making itself failed it may go well at their turn: they keep it. */
function without(maker: MessageMaker, { lineIds = [] }: TupleRow, valuesOf: () => Values): Refusal[] {
  const text = made(() => maker.make(valuesOf()));
  if (!('fault' in text) || text.fault === 'row_fault') return [];
  return lineIds.map((lineId) => ({ lineId, reason: text.fault, failed: false }));
}
