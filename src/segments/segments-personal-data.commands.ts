import { Injectable } from '@nestjs/common';
import { HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/** On which target lists somebody stands, and what the list says of them. */
@Injectable()
@HoldsPersonalData()
export class SegmentsPersonalData implements PersonalDataHolder {
  readonly section = 'segments';

  async export({ customerId }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      memberships: await on.rows(sql`
        select s.code, s.name, m.attributes, m.added_at from segments.member m join segments.segment s on s.id = m.segment_id
        where m.customer_id = ${customerId} order by m.added_at, s.code`),
    };
  }

  async erase(tx: Tx, { customerId }: Person): Promise<Record<string, number>> {
    const gone = await tx.rows<{ segmentId: string }>(
      sql`delete from segments.member where customer_id = ${customerId} returning segment_id as "segmentId"`,
    );
    await tx.run(sql`
      update segments.segment s set members = s.members - g.count
      from (select segment_id, count(*)::int as count from unnest(${gone.map(({ segmentId }) => segmentId)}::bigint[]) segment_id group by 1) g
      where s.id = g.segment_id`);
    return { 'segments.member': gone.length };
  }
}
