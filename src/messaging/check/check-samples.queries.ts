import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { MessageValues } from '../wording/optional-values.types.js';
import { type CardRow, cardColumns, cardJoins } from '../wording/recipient-values.js';
import { cutParts, type Encoding } from '../wording/sms-parts.policy.js';
import { messageMaker } from '../wording/wording.js';
import type { CheckRow } from './check.queries.js';
import type { WorstWhy } from './check.types.js';

export interface SampleView {
  why: WorstWhy;
  what: string | null;
  customerId: string;
  name: string | null;
  starLevel: number;
  phone: string;
  units: number;
  parts: number;
  encoding: Encoding;
  pieces: { text: string; part: number | null }[];
}

/** The worst cases of a look, each as it would arrive now. */
@Injectable()
export class CheckSamples {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly values: MessageValues,
  ) {}

  async of(check: CheckRow, segmentId: string | null): Promise<SampleView[]> {
    const worst = check.figures?.worst ?? [];
    const cards = await this.database.rows<CardRow>(sql`
      select ${cardColumns(check.wording.purpose)} from unnest(${worst.map(({ lineId }) => lineId)}::bigint[]) with ordinality as w(line_id, place)
      ${cardJoins(sql`w.line_id`, segmentId)} order by w.place`);
    const maker = messageMaker(check.wording);
    const values = await this.values.prepare(maker.variables, cards, { now: this.clock.now(), on: this.database });
    return cards.flatMap((card) => {
      const made = maker.make(values(card));
      const found = worst.find(({ lineId }) => lineId === card.lineId);
      if ('fault' in made || !found) return [];
      const pieces = cutParts(made.text, made.breaks).map((text, i) => ({ text, part: i > 0 ? i + 1 : null }));
      const { customerId, name, starLevel, number } = card;
      return [{ ...found, customerId, name, starLevel, phone: number, units: made.units, parts: made.parts, encoding: made.encoding, pieces }];
    });
  }
}
