import { Injectable } from '@nestjs/common';
import { compare } from '../../campaigns/experiment/experiment.queries.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { ArchivedBlasts } from '../archive/archived-blasts.queries.js';
import type { BlastOutcome } from './blast-figures.types.js';
import { BlastCountsQueries } from '../blasts/blast-counts.queries.js';
import { BILLED, type Counted, figureCondition, type RowFigure } from './recipient-filter.js';
import { RecipientsQueries } from './recipients.queries.js';

/** Thousandths of a yuan in a fen. */
const LI_A_FEN = 10;
const PEOPLE = ['handedOver', 'optOuts', 'complaints', 'treated', 'ordered', 'heldOut', 'heldOutOrdered'] as const satisfies readonly RowFigure[];
type People = Record<(typeof PEOPLE)[number], number>;

/** What a blast brought: each number is counted by the condition its rows are read by (R45). */
@Injectable()
export class BlastFiguresQueries {
  constructor(
    private readonly database: Database,
    private readonly recipients: RecipientsQueries,
    private readonly archived: ArchivedBlasts,
    private readonly counts: BlastCountsQueries,
  ) {}

  /** As it stood when messages of it were archived; else counted now. */
  async outcome(blastId: string): Promise<BlastOutcome> {
    return (await this.archived.outcome(blastId)) ?? this.count(blastId);
  }

  private async count(blastId: string): Promise<BlastOutcome> {
    const by = await this.recipients.counted(blastId);
    const [people, failedBy, latency, bill] = await Promise.all([this.people(by), this.failedBy(blastId), this.latency(blastId), this.bill(blastId)]);
    const { treated, ordered, heldOut, heldOutOrdered } = people;
    const uplift = heldOut === 0 ? null : compare({ people: treated, happened: ordered }, { people: heldOut, happened: heldOutOrdered });
    return { ...people, failedBy, latency, ...bill, uplift };
  }

  /** One reading of the audience for all that counts people. */
  private async people(by: Counted): Promise<People> {
    const counts = PEOPLE.map((key) => sql`count(*) filter (where ${figureCondition(key, by)})::int`);
    const [handedOver, optOuts, complaints, treated, ordered, heldOut, heldOutOrdered] = counts;
    return this.database.one<People>(sql`
      select ${handedOver} as "handedOver", ${optOuts} as "optOuts", ${complaints} as complaints, ${treated} as treated, ${ordered} as ordered,
             ${heldOut} as "heldOut", ${heldOutOrdered} as "heldOutOrdered"
      from messaging.recipient r where r.blast_id = ${by.blastId}`);
  }

  /** All who failed, those too of whose row no message could be made: as the page of the blast counts them. */
  private async failedBy(blastId: string): Promise<BlastOutcome['failedBy']> {
    return (await this.counts.failures(blastId)).map(({ networkCode: code, count }) => ({ code, count }));
  }

  private async latency(blastId: string): Promise<BlastOutcome['latency']> {
    const { marks } = await this.database.one<{ marks: [number, number, number] | null }>(sql`
      select percentile_cont(array[0.5, 0.9, 0.99]) within group (order by extract(epoch from finished_at - submitted_at)::double precision) as marks
      from messaging.message where blast_id = ${blastId} and state = 'delivered'`);
    return marks && { p50: marks[0], p90: marks[1], p99: marks[2] };
  }

  /** By the gateway each message really went over, which need not be the blast's own; by its own while none went: a price nobody knows is no 0.00. */
  private async bill(blastId: string): Promise<Pick<BlastOutcome, 'billed' | 'parts' | 'costFen'>> {
    const { billed, parts, cost, unpriced } = await this.database.one<{ billed: number; parts: number; cost: string; unpriced: boolean }>(sql`
      select count(*)::int as billed, coalesce(sum(m.parts), 0)::int as parts, coalesce(sum(m.parts::bigint * g.part_price), 0) as cost,
             coalesce(bool_or(g.part_price is null), (select o.part_price is null from messaging.blast b join messaging.gateway o on o.code = b.gateway_code where b.id = ${blastId})) as unpriced
      from messaging.message m join messaging.gateway g on g.code = m.gateway_code where m.blast_id = ${blastId} and ${BILLED}`);
    return { billed, parts, costFen: unpriced ? null : Number(cost) / LI_A_FEN };
  }
}
