import Handlebars from 'handlebars';
import { BODY_HELPERS, type BodyHelperName, helperOf, isBodyHelper } from './body-helpers.policy.js';

/**
 * The wording of a message: Handlebars reduced to `{{variable}}` and a closed set of helpers (`{{money save}}`). An environment of its own
 * without other helpers, partials or prototype access; what else somebody writes is refused when the template is saved (SMS-1).
 */
export interface BodyFault {
  code:
    | 'template_syntax'
    | 'template_stray_braces'
    | 'template_not_plain'
    | 'template_brackets'
    | 'template_empty'
    | 'template_helper_unknown'
    | 'template_helper_use'
    | 'template_variable_reserved';
  detail: string;
}

/** A place of the text that a value fills. */
export interface Hole {
  /** null: the value as it stands. */
  helper: BodyHelperName | null;
  variables: string[];
  option: string | null;
}

export type Piece = string | Hole;

export interface ReadBody {
  pieces: Piece[];
  /** In the order of their first use. */
  variables: string[];
}

/** Marks of the signature: the networks refuse them anywhere else. */
export const BRACKETS = /[【】[\]]/u;
/** None of Handlebars' own is known: a segment's column called `log` or `if` is a variable like any other. */
const FOREIGN_HELPERS = ['helperMissing', 'blockHelperMissing', 'each', 'if', 'unless', 'with', 'log', 'lookup'];
/** Names by which JavaScript reaches behind a value. */
const RESERVED = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);
/** A name nobody can write: the helper `date` and a variable of that name are then two things. */
const inside = (helper: string): string => `\u0000${helper}`;

function bareEnvironment(): typeof Handlebars {
  const environment = Handlebars.create();
  for (const helper of FOREIGN_HELPERS) environment.unregisterHelper(helper);
  for (const name of Object.keys(BODY_HELPERS) as BodyHelperName[]) {
    environment.registerHelper(inside(name), (...args: unknown[]) => said(name, args.slice(0, -1)));
  }
  return environment;
}

/** @param args values, then perhaps an option: which is which was settled when the body was read */
function said(name: BodyHelperName, args: readonly unknown[]): string {
  const [option, ...values] = args.map((arg) => (typeof arg === 'string' ? arg : ''));
  return helperOf(name).say(values, option === '' || option === undefined ? null : option) ?? '';
}

const environment = bareEnvironment();
const KNOWN = {
  ...Object.fromEntries(FOREIGN_HELPERS.map((name) => [name, false])),
  ...Object.fromEntries(Object.keys(BODY_HELPERS).map((name) => [inside(name), true])),
};

function variableOf(path: hbs.AST.Expression): string | undefined {
  const { type, parts, data, depth, original } = path as hbs.AST.PathExpression;
  const plain = type === 'PathExpression' && !data && depth === 0 && parts.length > 0 && !/^(this\b|\.)/.test(original);
  return plain ? parts.join('.') : undefined;
}

const reserved = (name: string): boolean => name.split('.').some((part) => RESERVED.has(part));

/** `{{money save}}`, `{{date until "year"}}`. */
function readHelper(statement: hbs.AST.MustacheStatement, name: string): Hole | BodyFault {
  if (!isBodyHelper(name)) return { code: 'template_helper_unknown', detail: name };
  const { variables, options } = helperOf(name);
  const named = statement.params.map(variableOf);
  const last = statement.params.at(-1);
  const option = last?.type === 'StringLiteral' ? (last as hbs.AST.StringLiteral).value : null;
  const filled = option === null ? named : named.slice(0, -1);
  const known = filled.filter((each) => each !== undefined);
  const fits = known.length === filled.length && known.length >= variables.least && known.length <= variables.most && !statement.hash;
  return fits && (option === null || options.includes(option))
    ? { helper: name, variables: known, option }
    : { code: 'template_helper_use', detail: name };
}

function readMustache(statement: hbs.AST.MustacheStatement): Hole | BodyFault {
  const name = variableOf(statement.path);
  if (name === undefined) return { code: 'template_not_plain', detail: statement.type };
  const alone = statement.params.length === 0 && !statement.hash;
  const hole = alone ? { helper: null, variables: [name], option: null } : readHelper(statement, name);
  const [trap] = 'code' in hole ? [] : hole.variables.filter(reserved);
  return trap === undefined ? hole : { code: 'template_variable_reserved', detail: trap };
}

function readStatement(statement: hbs.AST.Statement): Piece | BodyFault {
  if (statement.type === 'CommentStatement') return '';
  if (statement.type === 'ContentStatement') {
    const { value } = statement as hbs.AST.ContentStatement;
    const found = BRACKETS.exec(value);
    return found ? { code: 'template_brackets', detail: found[0] } : value;
  }
  return statement.type === 'MustacheStatement'
    ? readMustache(statement as hbs.AST.MustacheStatement)
    : { code: 'template_not_plain', detail: statement.type };
}

/** Handlebars says it in English and in its grammar's terms; the line is all of it that helps. */
const lineOf = (error: unknown): string => (error instanceof Error && /line (\d+)/.exec(error.message)?.[1]) || '1';

/** What of a text would stand there as it was typed though it was meant to be filled: `姓名}}`, `\{{name}}`. */
export const strayBraces = ({ pieces }: ReadBody): string | undefined =>
  pieces.flatMap((piece) => (typeof piece === 'string' ? (/\{\{|\}\}/.exec(piece) ?? []) : []))[0];

/** Why a body cannot be used whatever the customer, or what it consists of. */
export function readBody(body: string): { fault: BodyFault } | ReadBody {
  if (body.trim() === '') return { fault: { code: 'template_empty', detail: '' } };
  let program: hbs.AST.Program;
  try {
    program = environment.parse(body);
  } catch (error) {
    return { fault: { code: 'template_syntax', detail: lineOf(error) } };
  }
  const pieces: Piece[] = [];
  for (const statement of program.body) {
    const read = readStatement(statement);
    if (typeof read !== 'string' && 'code' in read) return { fault: read };
    pieces.push(read);
  }
  return { pieces, variables: [...new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : piece.variables)))] };
}

const pathOf = (loc: hbs.AST.SourceLocation, key: string): hbs.AST.PathExpression => ({
  type: 'PathExpression',
  loc,
  data: false,
  depth: 0,
  parts: [key],
  original: key,
});
const wordOf = (loc: hbs.AST.SourceLocation, value: string): hbs.AST.StringLiteral => ({ type: 'StringLiteral', loc, value, original: value });

/**
 * A variable is one key of a flat table, whatever dots are in its name; a helper goes by its inner name, its option first.
 * Compiled once a blast. @throws Error on a body that {@link readBody} refuses, and when a value is missing while rendering
 */
export function compileBody(body: string): ReadBody & { render(table: object): string } {
  const read = readBody(body);
  if ('fault' in read) throw new Error(`unusable body: ${read.fault.code}`);
  const program = environment.parse(body);
  program.body.forEach((statement, i) => {
    const hole = read.pieces[i];
    if (hole === undefined || typeof hole === 'string') return;
    const mustache = statement as hbs.AST.MustacheStatement;
    const variables = hole.variables.map((name) => pathOf(mustache.loc, name));
    mustache.path = hole.helper === null ? (variables[0] as hbs.AST.PathExpression) : pathOf(mustache.loc, inside(hole.helper));
    mustache.params = hole.helper === null ? [] : [wordOf(mustache.loc, hole.option ?? ''), ...variables];
  });
  const template = environment.compile(program, { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers: KNOWN });
  return { ...read, render: (table) => template(table) };
}
