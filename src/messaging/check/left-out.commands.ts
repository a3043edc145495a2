import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import type { Blast, Wording } from '../messaging.types.js';
import { BlastIntents } from '../sending/blast-intents.commands.js';
import type { RunningBlast } from '../sending/cutting.types.js';

const CHUNK = 2_000;

/** Whoever is left out by word at a start, because no text can be made. */
@Injectable()
export class LeftOut {
  constructor(private readonly intents: BlastIntents) {}

  /**
   * Off the list at once, by the judgement and under the reason of the sending: those still planned are those of whom the start was told. Where the making
   * itself failed it may go well at their turn: they keep it.
   */
  async take(tx: Tx, blast: Blast, wording: Wording): Promise<void> {
    const running = inPlace(blast, wording);
    let after = '0';
    for (;;) {
      const { cards, last } = await this.intents.cards(tx, running, { after, limit: CHUNK });
      if (!last) return;
      after = last;
      const { refusals } = await this.intents.draft(tx, running, cards);
      const certain = refusals.filter(({ failed }) => !failed);
      await this.intents.refuse(tx, blast.id, certain);
    }
  }
}

/** As it will run; nothing of it is handed over here. */
const inPlace = ({ id, code, segmentId, notBefore, notAfter, ownRate }: Blast, wording: Wording): RunningBlast => ({
  ...wording,
  id,
  code,
  segmentId,
  notBefore,
  notAfter,
  ratePerSecond: ownRate,
  templateVersion: wording.version,
  campaignId: null,
  productFamily: null,
  gateways: [],
  cutAfter: '0',
});
