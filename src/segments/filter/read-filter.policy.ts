import { DomainError, type ErrorParams } from '../../kernel/errors.js';
import { FIELD_NAMES, fieldOf } from './fields.policy.js';
import { type Condition, type FilterNode, type Op, OPS } from './filter.types.js';

const DEEPEST = 8;
const MOST_NODES = 100;

type Raw = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The short form: all conditions hold, a list means "one of these". Any other field of a filter is asked for as itself. */
const SHORT: Record<string, [field: string, op: Op]> = {
  ...Object.fromEntries(['starLevel', 'tier', 'class', 'city', 'district', 'package', 'manager'].map((name) => [name, [name, 'in']])),
  minArpuFen: ['arpuFen', 'atLeast'],
  maxArpuFen: ['arpuFen', 'atMost'],
};

const TREE = ['and', 'or', 'not', 'field', 'include', 'exclude'];

/** Whether a filter is written as a tree; else it is the short form. */
export const isTree = (raw: Raw): boolean => TREE.some((key) => Object.hasOwn(raw, key));

/** Walks the tree once; the path of a node is its address in the JSON, `filter.and.1.value`. */
class Reader {
  private nodes = 0;

  node(raw: unknown, path: string, depth = 1): FilterNode {
    if (depth > DEEPEST) refuse('filter_too_deep', path, { most: DEEPEST });
    if (++this.nodes > MOST_NODES) refuse('filter_too_large', path, { most: MOST_NODES });
    const [key, ...others] = isObject(raw) ? Object.keys(raw) : [];
    if (isObject(raw) && Object.hasOwn(raw, 'field')) return this.condition(raw, path);
    if (!isObject(raw) || others.length > 0) return refuse('filter_node_unknown', path);
    if (key === 'not') return { not: this.node(raw.not, `${path}.not`, depth + 1) };
    if (key === 'and') return { and: this.group(raw.and, `${path}.and`, depth) };
    if (key === 'or') return { or: this.group(raw.or, `${path}.or`, depth) };
    return refuse('filter_node_unknown', path);
  }

  private group(raw: unknown, path: string, depth: number): FilterNode[] {
    if (!Array.isArray(raw) || raw.length === 0) return refuse('filter_group_empty', path);
    return raw.map((child, i) => this.node(child, `${path}.${i}`, depth + 1));
  }

  condition(raw: Raw, path: string): Condition {
    const field = fieldOf(raw.field);
    const name = String(raw.field).slice(0, 40);
    if (!field) return refuse('filter_field_unknown', path, { field: name, fields: FIELD_NAMES.join(', ') });
    const op = OPS.find((one) => one === raw.op);
    if (!op || !field.ops.includes(op)) {
      return refuse('filter_op_unknown', path, { field: name, op: String(raw.op).slice(0, 40), ops: field.ops.join(', ') });
    }
    if (op === 'known' || op === 'unknown') return { field: name, op, value: null };
    const read = field.read(op, raw.value);
    if ('fault' in read) return refuse(read.fault.code, path, { field: name, ...read.fault.params });
    return { field: name, op, value: read.value };
  }
}

function refuse(code: string, path: string, params: ErrorParams = {}): never {
  throw new DomainError(code, { param: path, params: { node: path, ...params } });
}

function readShort(raw: Raw): FilterNode {
  const reader = new Reader();
  const told = Object.entries(raw).filter(([, value]) => value !== null && value !== undefined);
  return {
    and: told.map(([name, value]) => {
      const [field, op] = (Object.hasOwn(SHORT, name) ? SHORT[name] : undefined) ?? [name, fieldOf(name)?.ops.includes('is') ? 'is' : 'in'];
      return reader.condition({ field, op, value }, `filter.${name}`);
    }),
  };
}

/** `{ include, exclude }`: whom the first means without whom the second means; either may be left out. */
function readPair(raw: Raw): FilterNode {
  const reader = new Reader();
  const unknown = Object.keys(raw).find((key) => !['include', 'exclude'].includes(key));
  if (unknown !== undefined) refuse('filter_node_unknown', `filter.${unknown}`);
  const both: FilterNode[] = [];
  if (raw.include !== null && raw.include !== undefined) both.push(reader.node(raw.include, 'filter.include'));
  if (raw.exclude !== null && raw.exclude !== undefined) both.push({ not: reader.node(raw.exclude, 'filter.exclude') });
  return both.length > 0 ? { and: both } : refuse('filter_group_empty', 'filter');
}

/**
 * Reads a filter from JSON: a tree, a pair of trees, or the short form.
 * @throws DomainError filter_node_unknown, filter_field_unknown, filter_op_unknown, filter_value_…, filter_group_empty, filter_too_deep, filter_too_large
 */
export function readFilter(raw: Raw): FilterNode {
  if (!isTree(raw)) return readShort(raw);
  if (Object.hasOwn(raw, 'include') || Object.hasOwn(raw, 'exclude')) return readPair(raw);
  return new Reader().node(raw, 'filter');
}

/** All conditions of a filter, with the field each asks for. */
export function conditionsOf(node: FilterNode): Condition[] {
  if ('field' in node) return [node];
  if ('not' in node) return conditionsOf(node.not);
  return ('and' in node ? node.and : node.or).flatMap(conditionsOf);
}
