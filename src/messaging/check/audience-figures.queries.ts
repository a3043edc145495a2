import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import type { Sql } from '../../platform/database/sql.js';
import { made } from '../wording/making.js';
import { MessageValues } from '../wording/optional-values.types.js';
import { type MessageMaker, messageMaker, saidAt, type Values } from '../wording/wording.js';
import type { Hole } from '../wording/body-parser.js';
import type { AudienceFigures, CheckedWording } from './check.types.js';
import { TextTally, type Told } from './text-tally.policy.js';
import { tuples } from './tuples.js';

export interface FiguresAsk {
  wording: CheckedWording;
  /** A select of `customer_id, line_id`, one line a customer. */
  people: Sql;
  segmentId: string | null;
  /** The day on which it is sent: `today` is a word of the text. */
  at: Date;
  /** Told now and then how far it is. */
  onProgress?: (looked: number, total: number) => Promise<void>;
}

/** Progress is told after so many reads. */
const TELL_EVERY = 10;

/** How the places of a text are called, each once. */
function fieldsOf(holes: readonly Hole[]): { names: string[]; said: (values: Values) => string[] } {
  const names = [...new Set(holes.map(({ variables }) => variables.join(' ')))];
  const own = names.map((name) => holes.filter(({ variables }) => variables.join(' ') === name));
  return { names, said: (values) => own.map((same) => same.map((hole) => saidAt(hole, values) ?? '').join('')) };
}

/** The text, and what stands at its fields: nothing where none can be made. */
function told(maker: MessageMaker, said: (values: Values) => string[], valuesOf: () => Values): Pick<Told, 'made' | 'said'> {
  let saying: string[] = [];
  const text = made(() => {
    const values = valuesOf();
    saying = said(values);
    return maker.make(values);
  });
  return { made: text, said: saying };
}

/**
 * Makes the text for everybody with the maker that sends, and counts. Those to whom a wording says the same are put together by the database first,
 * so that most audiences of a hundred thousand are some thousand texts.
 */
@Injectable()
export class AudienceFiguresQueries {
  constructor(private readonly values: MessageValues) {}

  async of(tx: Tx, ask: FiguresAsk): Promise<AudienceFigures> {
    const maker = messageMaker(ask.wording);
    const fields = fieldsOf(maker.holes);
    const tally = new TextTally(fields.names);
    let looked = 0;
    let chunks = 0;
    for await (const rows of tuples(tx, { ...ask, variables: maker.variables, purpose: ask.wording.purpose })) {
      const valuesOf = await this.values.prepare(maker.variables, rows, { now: ask.at, on: tx });
      for (const row of rows) {
        tally.add({ lineId: row.lineId, people: row.people, ...told(maker, fields.said, () => valuesOf(row)) });
        looked += row.people;
      }
      if ((chunks += 1) % TELL_EVERY === 1) await ask.onProgress?.(looked, rows[0]?.total ?? looked);
    }
    return tally.figures();
  }
}
