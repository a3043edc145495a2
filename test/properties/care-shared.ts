import fc from 'fast-check';
import type { GreetingFacts, OccasionKind } from '../../src/care/greetings/greetings.types.js';
import { addDays } from '../../src/kernel/day.js';
import type { Tx } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';

/** Who serves customers that somebody serves, and notes what is noted. */
export const MANAGER = 'promoter';
/** A day that news are still told of, or not any more. */
export const lately = fc.integer({ min: -1, max: 16 });

/** What is the same for everybody. */
export interface Shared {
  rights: { ago: number; star: number }[];
  /** Noted in the calendar, in this order. */
  marks: { kind: OccasionKind | 'other'; from: number; days: number; region: string | null }[];
  approval: { state: 'asked' | 'approved' | 'refused'; current: boolean } | null;
}
export const shared: fc.Arbitrary<Shared> = fc.record({
  rights: fc.array(fc.record({ ago: lately, star: fc.integer({ min: 3, max: 7 }) }), { maxLength: 6 }),
  marks: fc.array(
    fc.record({
      kind: fc.constantFrom<OccasionKind | 'other'>('member-day', 'cold', 'heat', 'other'),
      from: fc.integer({ min: -4, max: 1 }),
      days: fc.integer({ min: 0, max: 4 }),
      region: fc.constantFrom('青州市', '临江市', null),
    }),
    { maxLength: 3 },
  ),
  approval: fc.option(fc.record({ state: fc.constantFrom('asked', 'approved', 'approved', 'approved', 'refused'), current: fc.boolean() })),
});

/** What is noted, and what the client said: for everybody. @returns what the day is to somebody of a city */
export async function writeShared(tx: Tx, asked: string, { marks, approval }: Shared): Promise<(city: string | null) => GreetingFacts> {
  const ids: string[] = [];
  for (const [n, { kind, from, days, region }] of marks.entries()) {
    const { id } = await tx.one<{ id: string }>(sql`
      insert into calendar.day_mark (kind, from_day, to_day, name, region, org_unit_id, noted_by, noted_at)
      select ${kind}, ${addDays(asked, from)}::date, ${addDays(asked, from + days)}::date, ${`日子${n}`}, ${region}, u.org_unit_id, u.id, '2026-01-01'
      from staff.app_user u where u.username = ${MANAGER} returning id`);
    ids.push(id);
  }
  if (approval)
    await tx.run(sql`
      insert into care.greeting_approval (day, template_code, template_version, state, asked_by, asked_at, decided_by)
      select ${asked}::date, 'calendar-greeting', ${approval.current ? 1 : 2}, ${approval.state}, u.id, '2026-01-01', case when ${approval.state} <> 'asked' then u.id end
      from staff.app_user u where u.username = ${MANAGER}`);
  const known = await tx.one<{ festival: string | null; term: string | null; closed: string | null }>(
    sql`select festival, solar_term as term, closed_festival as closed from calendar.v_day where day = ${asked}`,
  );
  const fixed = [
    ...(known.festival === null ? [] : [{ kind: 'festival' as const, name: known.festival, markId: null }]),
    ...(known.term === null ? [] : [{ kind: 'solar-term' as const, name: known.term, markId: null }]),
  ];
  return (city) => ({
    central: known.closed !== null || ['春节', '除夕', '国庆节'].includes(known.festival ?? ''),
    occasions: [
      ...fixed,
      ...marks.flatMap(({ kind, from, days, region }, n) =>
        kind !== 'other' && from <= 0 && from + days >= 0 && (region === null || region === city)
          ? [{ kind, name: `日子${n}`, markId: ids[n] ?? null }]
          : [],
      ),
    ],
    approval: approval?.state === 'approved' ? { template: 'calendar-greeting', current: approval.current } : null,
  });
}
