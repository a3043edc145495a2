import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { SegmentChoices } from '../../segments/segment-choices.queries.js';
import { inScope, StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { AudienceForm } from './wizard.forms.js';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What an audience can be chosen from, and which segments the boxes mean. */
@Injectable()
export class AudienceBoxes {
  constructor(
    private readonly db: Database,
    private readonly segments: SegmentChoices,
    private readonly staff: StaffQueries,
  ) {}

  /**
   * Segments to type, those that are left out already, the cities and the managers of the scope.
   * @param chosen what stands in the boxes, as saved or as typed
   */
  async of(user: CurrentUser, { segment, exclude, excludeMore }: Record<string, unknown>) {
    const out = Array.isArray(exclude) ? exclude.map(text).filter(Boolean) : [];
    const [box, moreBox, excluded, cities, managers] = await Promise.all([
      this.segments.box(user, text(segment)),
      this.segments.box(user, text(excludeMore)),
      this.segments.byCodes(user, out),
      this.db.rows<{ city: string }>(sql`
        select distinct c.city from customers.v_customer c
        join staff.v_org_unit o on o.id = c.org_unit_id
        where c.city is not null and ${inScope(user, sql`o.path`)} order by c.city limit 100`),
      this.staff.activeManagers(user),
    ]);
    return { box, moreBox, excluded, cities: cities.map((row) => row.city), managers };
  }

  /**
   * What the form says, by codes: people may type a segment's name, and one more of those to leave out.
   * @throws DomainError segment_not_known, segment_near, segment_several at `segment` or `excludeMore`
   */
  async readIn(user: CurrentUser, typed: AudienceForm): Promise<AudienceForm> {
    const form = await this.segments.readIn(user, typed);
    if (form.excludeMore === undefined) return form;
    return { ...form, exclude: [...(form.exclude ?? []), await this.segments.codeOf(user, form.excludeMore, 'excludeMore')] };
  }
}
