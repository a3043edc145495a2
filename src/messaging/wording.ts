import Handlebars from 'handlebars';
import { DomainError } from '../kernel/errors.js';
import { type MessageText, messageText } from './message-text.policy.js';

/**
 * The wording of a message: Handlebars reduced to `{{variable}}`. An environment of its own without helpers, partials or prototype
 * access; every variable is declared (SMS-1) and has a value, or the text is not made at all.
 */
export const DECLARED_VARIABLES = [
  'name',
  'honorific',
  'starLevel',
  'package',
  'manager.name',
  'manager.phone',
  'today',
  'partnerOffer',
  'order.product',
  'order.price',
  'order.hours',
  'order.yes',
  'order.no',
] as const;

/** Say nothing where there is nothing to say, and the rest of the message goes out all the same: the sentence around them has to stand without. */
export const OPTIONAL_VARIABLES = ['partnerOffer'] as const;

/** Said after every marketing message; a reply of R is understood as an opt-out. */
export const OPT_OUT_WORDS = '拒收请回复R';

export type Values = Readonly<Record<string, string | null | undefined>>;

export interface BodyFault {
  code: 'template_syntax' | 'template_not_plain' | 'template_brackets' | 'template_empty';
  detail: string;
}

/** The refusal of a body, at its field. */
export const bodyError = ({ code, detail }: BodyFault): DomainError =>
  new DomainError(code, { param: 'body', params: { detail, open: '{{', close: '}}' } });

interface CompiledBody {
  /** In the order of their first use. */
  variables: string[];
  render(values: Values): string;
}

/** Marks of the signature: the networks refuse them anywhere else. */
const BRACKETS = /[【】[\]]/u;
const NESTED = new Set<string>(DECLARED_VARIABLES.filter((name) => name.includes('.')));
/** None is known: a segment's column called `log` or `if` is a variable like any other. */
const NO_HELPERS = { helperMissing: false, blockHelperMissing: false, each: false, if: false, unless: false, with: false, log: false, lookup: false };

function plainEnvironment(): typeof Handlebars {
  const environment = Handlebars.create();
  for (const helper of Object.keys(NO_HELPERS)) environment.unregisterHelper(helper);
  return environment;
}

const environment = plainEnvironment();

function variableOf(statement: hbs.AST.MustacheStatement): string | undefined {
  const path = statement.path as hbs.AST.PathExpression;
  const plain = path.type === 'PathExpression' && statement.params.length === 0 && !statement.hash && !path.data && path.depth === 0;
  return plain && path.parts.length > 0 && !/^(this\b|\.)/.test(path.original) ? path.parts.join('.') : undefined;
}

function readStatement(statement: hbs.AST.Statement, variables: Set<string>): BodyFault | undefined {
  if (statement.type === 'CommentStatement') return undefined;
  if (statement.type === 'ContentStatement') {
    const found = BRACKETS.exec((statement as hbs.AST.ContentStatement).value);
    return found ? { code: 'template_brackets', detail: found[0] } : undefined;
  }
  const name = statement.type === 'MustacheStatement' ? variableOf(statement as hbs.AST.MustacheStatement) : undefined;
  if (name === undefined) return { code: 'template_not_plain', detail: statement.type };
  variables.add(name);
  return undefined;
}

/** Why a body cannot be used whatever the customer, or the variables it names. */
export function readBody(body: string): { fault: BodyFault } | { variables: string[] } {
  if (body.trim() === '') return { fault: { code: 'template_empty', detail: '' } };
  const variables = new Set<string>();
  let program: hbs.AST.Program;
  try {
    program = environment.parse(body);
  } catch (error) {
    return { fault: { code: 'template_syntax', detail: error instanceof Error ? (error.message.split('\n')[0] ?? '') : '' } };
  }
  for (const statement of program.body) {
    const fault = readStatement(statement, variables);
    if (fault) return { fault };
  }
  return { variables: [...variables] };
}

/** `manager.name` is looked up as a path, everything else as one key, so that a segment may name its columns as it likes. */
function lookUpTable(values: Values): object {
  const table = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    const [outer, inner] = NESTED.has(name) ? (name.split('.') as [string, string]) : [name, undefined];
    if (inner === undefined) table[outer] = value;
    else table[outer] = Object.assign((table[outer] as object | undefined) ?? Object.create(null), { [inner]: value });
  }
  return table;
}

/** Compiled once a blast. @throws Error on a body that {@link readBody} refuses, and when a value is missing while rendering. */
export function compileBody(body: string): CompiledBody {
  const read = readBody(body);
  if ('fault' in read) throw new Error(`unusable body: ${read.fault.code}`);
  const template = environment.compile(body, { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers: NO_HELPERS });
  return { variables: read.variables, render: (values) => template(lookUpTable(values)) };
}

/** Variables that are neither declared nor a column of the segment the blast goes to. */
export function unknownVariables(variables: readonly string[], columns: readonly string[]): string[] {
  const known = new Set<string>([...DECLARED_VARIABLES, ...columns]);
  return variables.filter((name) => !known.has(name));
}

const OPTIONAL = new Set<string>(OPTIONAL_VARIABLES);

export const missingVariables = (variables: readonly string[], values: Values): string[] =>
  variables.filter((name) => !values[name]?.trim() && !OPTIONAL.has(name));

/** A value may carry anything but the marks of the signature. */
export const forbiddenVariables = (variables: readonly string[], values: Values): string[] =>
  variables.filter((name) => /[【】]/u.test(values[name] ?? ''));

/** What the customer's phone shows: signature, text, and for marketing the way to opt out. */
export function compose(wording: { signature: string; purpose: string }, text: string): string {
  return `【${wording.signature}】${text}${wording.purpose === 'marketing' ? OPT_OUT_WORDS : ''}`;
}

/** Two to twelve characters without marks; 【】 around it are taken off, the product sets them. */
export function signatureOf(input: string): string | undefined {
  const plain = input
    .trim()
    .replace(/^【(.*)】$/u, '$1')
    .trim();
  return plain.length >= 2 && plain.length <= 12 && !BRACKETS.test(plain) && !/[{}\s]/.test(plain) ? plain : undefined;
}

/** A wording made ready once: gives the whole message for one customer after the other. */
export function messageMaker(wording: { signature: string; purpose: string; body: string }): {
  variables: string[];
  make: (values: Values) => MessageText;
} {
  const body = compileBody(wording.body);
  const make = (values: Values): MessageText =>
    messageText({
      missing: missingVariables(body.variables, values),
      forbidden: forbiddenVariables(body.variables, values),
      text: () => {
        const words = body.render(values);
        // a signature alone says nothing
        return words.trim() === '' ? '' : compose(wording, words);
      },
    });
  return { variables: body.variables, make };
}
