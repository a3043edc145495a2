import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import { fieldOf } from './fields.policy.js';
import type { Condition, FilterAt, FilterNode } from './filter.types.js';
import { conditionsOf } from './read-filter.policy.js';

/** A condition, and whether it can be null: what is unknown counts as no, so only a certain one may be turned by a plain `not`. */
interface Compiled {
  sql: Sql;
  certain: boolean;
}

const turned = ({ sql: inner, certain }: Compiled): Compiled => ({
  sql: certain ? sql`not (${inner})` : sql`(${inner}) is not true`,
  certain: true,
});

function leaf({ field: name, op, value }: Condition, at: FilterAt): Compiled {
  const field = fieldOf(name);
  if (!field) throw new Error(`a filter was compiled that nobody had read: ${name}`);
  const asked = { sql: field.condition(op, value, at), certain: field.certain === true || op === 'known' || op === 'unknown' };
  return op === 'notIn' || op === 'notWithin' ? turned(asked) : asked;
}

function group(parts: readonly Compiled[], word: ' and ' | ' or '): Compiled {
  if (parts.length === 0) return { sql: sql`true`, certain: true };
  return {
    sql: sql`(${joinSql(
      parts.map((one) => one.sql),
      word,
    )})`,
    certain: parts.every((one) => one.certain),
  };
}

function write(node: FilterNode, at: FilterAt): Compiled {
  if ('field' in node) return leaf(node, at);
  if ('not' in node) return turned(write(node.not, at));
  if ('and' in node)
    return group(
      node.and.map((child) => write(child, at)),
      ' and ',
    );
  return group(
    node.or.map((child) => write(child, at)),
    ' or ',
  );
}

/** The condition over `customers.v_customer c` and, when {@link asksLine}, `customers.v_contact_line l`. */
export const compileFilter = (node: FilterNode, at: FilterAt): Sql => write(node, at).sql;

/** Whether a filter asks for a fact of the line the customer is reached on. */
export const asksLine = (node: FilterNode): boolean => conditionsOf(node).some((one) => fieldOf(one.field)?.line);
