import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { type Sql, sql, whereAll } from '../platform/database/sql.js';
import { usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';

export interface SegmentChoice {
  code: string;
  name: string;
  /** Lines; null where a filter was never counted. */
  members: number | null;
}

/** What stands at a box of segments (`segments/choice`): what is proposed, and which one is chosen. */
export interface SegmentBox {
  choices: SegmentChoice[];
  chosen: SegmentChoice | null;
}

/** Boxes that take only some: `columns`, those that bring columns of their own. */
export type SegmentOnly = 'columns';

/** More than anybody reads; who misses theirs types on. */
const OFFERED = 50;
/** Of those that are nearly what was typed, so many are named. */
const NEAR = 5;

/** Boxes in which people type which segment they mean, by its name or its code. */
@Injectable()
export class SegmentChoices {
  constructor(private readonly database: Database) {}

  /** Those with the typed words in name or code, newest first; where there are none, and while nothing is typed, the newest of all. */
  async box(user: CurrentUser, typed = '', only?: SegmentOnly): Promise<SegmentBox> {
    const text = typed.trim();
    const fit = only && sql`cardinality(s.columns) > 0`;
    const found = text === '' ? [] : await this.rows(user, [fit, containing(text)], OFFERED);
    const choices = found.length > 0 ? found : await this.rows(user, [fit], OFFERED);
    // a short code may stand in those of more than are offered
    const chosen = found.find(({ code }) => code === text) ?? (found.length < OFFERED ? null : await this.byCode(user, text));
    return { choices, chosen };
  }

  /**
   * The code of the segment that was typed: its code, or its name where only one has it. What is only near is not taken for it.
   * @param param the box it stands in
   * @throws DomainError segment_not_known, segment_near, segment_several, at `param`
   */
  async codeOf(user: CurrentUser, typed: string, param = 'segment'): Promise<string> {
    const text = typed.trim();
    const exact = await this.byCode(user, text);
    if (exact) return exact.code;
    const same = await this.rows(user, [sql`lower(${text}) in (lower(s.code), lower(s.name))`], NEAR);
    if (same.length > 1) throw refusal('segment_several', { text, named: same, param });
    if (same[0]) return same[0].code;
    const near = text === '' ? [] : await this.rows(user, [containing(text)], NEAR);
    throw refusal(near.length > 0 ? 'segment_near' : 'segment_not_known', { text, named: near, param });
  }

  /** What a form says, for programs: people may type a segment's name. @throws DomainError as {@link codeOf} */
  async readIn<F extends { segment?: string }>(user: CurrentUser, form: F): Promise<F> {
    return form.segment === undefined ? form : { ...form, segment: await this.codeOf(user, form.segment) };
  }

  /** Those with these codes, in their order; what is not there, or out of the person's scope, by its code alone. */
  async byCodes(user: CurrentUser, codes: readonly string[]): Promise<SegmentChoice[]> {
    const found = codes.length === 0 ? [] : await this.rows(user, [sql`s.code = any(${[...codes]}::text[])`], codes.length);
    return codes.map((code) => found.find((one) => one.code === code) ?? { code, name: code, members: null });
  }

  private async byCode(user: CurrentUser, code: string): Promise<SegmentChoice | null> {
    return (await this.rows(user, [sql`s.code = ${code}`], 1))[0] ?? null;
  }

  private rows(user: CurrentUser, which: readonly (Sql | undefined)[], limit: number): Promise<SegmentChoice[]> {
    return this.database.rows<SegmentChoice>(sql`
      select s.code, s.name, case when s.filter is null or s.counted_at is not null then s.members end as members
      from segments.segment s join staff.v_org_unit o on o.id = s.org_unit_id
      ${whereAll([usableBy(user, sql`o.path`), ...which])} order by s.id desc limit ${limit}`);
  }
}

const containing = (text: string): Sql => sql`(position(lower(${text}) in lower(s.name)) > 0 or position(lower(${text}) in lower(s.code)) > 0)`;

const refusal = (code: string, { text, named, param }: { text: string; named: readonly SegmentChoice[]; param: string }): DomainError =>
  new DomainError(code, {
    param,
    params: { segment: text, named: named.map((each) => `${each.name} (${each.code})`).join('、') },
  });
