import { DomainError } from '../kernel/errors.js';
import { type Sql, sql } from '../platform/database/sql.js';

/**
 * Who is meant, by facts of the customer: all conditions must hold. A list means "one of these". The columns are those of
 * `customers.v_customer c` and `customers.v_contact_line l`.
 */
export interface CustomerFilter {
  starLevel?: number[];
  tier?: string[];
  class?: string[];
  city?: string[];
  district?: string[];
  package?: string[];
  /** Usernames. */
  manager?: string[];
  minArpuFen?: number;
  maxArpuFen?: number;
}

interface Field {
  /** What one value must be. */
  holds: 'text' | 'number';
  list: boolean;
  condition: (value: unknown) => Sql;
}

const oneOf = (column: Sql): Field => ({ holds: 'text', list: true, condition: (value) => sql`${column} = any(${value}::text[])` });

/** Each field of the filter, in the order in which a page shows them. Names and words are checked against this list, never built into SQL. */
const FIELDS: Record<keyof CustomerFilter, Field> = {
  starLevel: { holds: 'number', list: true, condition: (value) => sql`c.star_level = any(${value}::int[])` },
  tier: oneOf(sql`c.tier`),
  class: oneOf(sql`c.class`),
  city: oneOf(sql`c.city`),
  district: oneOf(sql`c.district`),
  package: oneOf(sql`l.package`),
  manager: {
    holds: 'text',
    list: true,
    condition: (value) =>
      sql`c.manager_id in (select u.id from staff.v_user u where lower(u.username) = any(select lower(m) from unnest(${value}::text[]) m))`,
  },
  minArpuFen: { holds: 'number', list: false, condition: (value) => sql`l.arpu_fen >= ${value}::int` },
  maxArpuFen: { holds: 'number', list: false, condition: (value) => sql`l.arpu_fen <= ${value}::int` },
};

export const FILTER_FIELDS = Object.keys(FIELDS) as (keyof CustomerFilter)[];

const MOST_VALUES = 500;

function fits(field: Field, value: unknown): boolean {
  if (field.holds === 'number') return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
  return typeof value === 'string' && value.length > 0 && value.length <= 100;
}

/** Reads a filter from JSON; one value may stand without its list. @throws DomainError filter_invalid naming the field */
export function parseFilter(input: Readonly<Record<string, unknown>>): CustomerFilter {
  const entries = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const field = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof CustomerFilter] : undefined;
      const values = field?.list && !Array.isArray(value) ? [value] : value;
      const good =
        field &&
        (Array.isArray(values) ? field.list && values.length <= MOST_VALUES && values.every((one) => fits(field, one)) : fits(field, values));
      if (!good) throw new DomainError('filter_invalid', { param: `filter.${name}`, params: { field: name } });
      return [name, values];
    }),
  );
}

/** The conditions of a filter over `c` and `l`; an empty list of values matches nobody. */
export function filterConditions(filter: CustomerFilter): Sql[] {
  return FILTER_FIELDS.filter((name) => filter[name] !== undefined).map((name) => FIELDS[name].condition(filter[name]));
}
