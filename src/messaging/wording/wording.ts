import { DomainError } from '../../kernel/errors.js';
import { type MessageText, messageText } from './message-text.policy.js';
import { BODY_HELPERS, helperOf } from './body-helpers.policy.js';
import { type BodyFault, BRACKETS, compileBody as compile, type Hole } from './body-parser.js';
import { wordFinder } from './forbidden.policy.js';

export { readBody, strayBraces } from './body-parser.js';

/** Every variable is declared (SMS-1) and has a value, or the text is not made at all. */
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

/** The question about an order, and what has a value nowhere else. */
export const ORDER_TEMPLATE = 'order-confirmation';
const ofOrders = (name: string): boolean => name.startsWith('order.');

/** What the writer of a template is offered: a variable that never has a value there would leave everybody out. */
export const variablesFor = (templateCode: string): string[] =>
  DECLARED_VARIABLES.filter((name) => templateCode === ORDER_TEMPLATE || !ofOrders(name));

/** Say nothing where there is nothing to say, and the rest of the message goes out all the same: the sentence around them has to stand without. */
export const OPTIONAL_VARIABLES = ['partnerOffer'] as const;

export type Values = Readonly<Record<string, string | null | undefined>>;

/** The refusal of a body, at its field. */
export const bodyError = ({ code, detail }: BodyFault): DomainError =>
  new DomainError(code, { param: 'body', params: { detail, open: '{{', close: '}}', helpers: Object.keys(BODY_HELPERS).join('、') } });

export interface CompiledBody {
  /** In the order of their first use. */
  variables: string[];
  holes: Hole[];
  render(values: Values): string;
}

/** Compiled once a blast. @throws Error on a body that `readBody` refuses, and when a value is missing while rendering. */
export function compileBody(body: string): CompiledBody {
  const compiled = compile(body);
  const { variables, pieces } = compiled;
  return {
    variables,
    holes: pieces.filter((piece) => typeof piece !== 'string'),
    render: (values) => compiled.render(Object.assign(Object.create(null) as object, values)),
  };
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
  variables.filter((name) => BRACKETS.test(values[name] ?? ''));

const valuesIn = (hole: Hole, values: Values): string[] => hole.variables.map((name) => values[name] ?? '');

/** What a place of the text says to this customer; null: the value is not of the helper's kind. */
export const saidAt = (hole: Hole, values: Values): string | null =>
  hole.helper === null ? (valuesIn(hole, values)[0] ?? '') : helperOf(hole.helper).say(valuesIn(hole, values), hole.option);

const unfitVariables = (holes: readonly Hole[], values: Values): string[] =>
  holes.filter((hole) => hole.helper !== null && saidAt(hole, values) === null).flatMap(({ variables }) => variables.slice(0, 1));

/** What the customer's phone shows: signature, text, and the way to opt out where its purpose has one. */
export const compose = ({ signature, optOut }: { signature: string; optOut: string }, text: string): string =>
  `【${signature}】${text}${between(text, optOut)}${optOut}`;

/** A piece of a message not made for anybody yet: words, or the variables a place is filled from. */
export type ShownPiece = { text: string } | { variables: string[] };

/** Values that end as numbers do. */
const LATIN_VALUES = new Set(['manager.phone', 'starLevel', 'order.hours', 'order.yes', 'order.no']);
const endsLatin = ({ helper, variables }: Hole): boolean =>
  helper === 'money' || (helper === null && variables.some((name) => LATIN_VALUES.has(name)));

/** PostgreSQL keeps no zero character, so no wording holds one. */
const ZERO = '\u0000';
const LATIN_MARK = '~';
const markOf = (hole: Hole, i: number): string => `${ZERO}${String(i)}${ZERO}${endsLatin(hole) ? LATIN_MARK : ''}`;

/** The whole message as {@link compose} makes it, the places of its merge fields told apart: for whoever approves it and sees no customer. */
export function shownPieces(wording: { signature: string; body: string; optOut: string }): ShownPiece[] {
  const { pieces } = compile(wording.body);
  const whole = compose(wording, pieces.map((piece, i) => (typeof piece === 'string' ? piece : markOf(piece, i))).join(''));
  return whole.split(ZERO).flatMap((text, i, all): ShownPiece[] => {
    const hole = pieces[Number(all[i % 2 === 1 ? i : i - 1])];
    const known = hole !== undefined && typeof hole !== 'string';
    if (i % 2 === 1) return known ? [{ variables: hole.variables }] : [];
    const words = known && endsLatin(hole) ? text.slice(LATIN_MARK.length) : text;
    return words === '' ? [] : [{ text: words }];
  });
}

/** Whatever a link, a number or a Latin word may end in. */
const LATIN_END = /[\w/=&#%+~@-]$/;
const SETS_ITSELF_OFF = /^[\s\p{P}]/u;

/** The opt-out words right after a link or a number would be read, and opened, as part of it. */
const between = (text: string, optOut: string): string => (optOut !== '' && LATIN_END.test(text) && !SETS_ITSELF_OFF.test(optOut) ? ' ' : '');

/** Two to twelve characters without marks; 【】 around it are taken off, the product sets them. */
export function signatureOf(input: string): string | undefined {
  const plain = input
    .trim()
    .replace(/^【(.*)】$/u, '$1')
    .trim();
  return plain.length >= 2 && plain.length <= 12 && !BRACKETS.test(plain) && !/[{}\s]/.test(plain) ? plain : undefined;
}

/** Everything that makes a text out of values. */
export interface MakerWording {
  signature: string;
  body: string;
  /** Said after the text, by its purpose; empty: nothing. */
  optOut: string;
  /** Words and characters that no text may hold. */
  forbidden: readonly string[];
}

export interface MessageMaker {
  variables: string[];
  holes: Hole[];
  make: (values: Values) => MessageText;
}

/** A wording made ready once: gives the whole message for one customer after the other. */
export function messageMaker(wording: MakerWording): MessageMaker {
  const body = compileBody(wording.body);
  const { variables, holes } = body;
  const helped = holes.filter(({ helper }) => helper !== null);
  const find = wordFinder(wording.forbidden);
  const make = (values: Values): MessageText =>
    messageText({
      missing: missingVariables(variables, values),
      forbidden: forbiddenVariables(variables, values),
      unfit: () => unfitVariables(helped, values),
      words: find,
      text: () => {
        const words = body.render(values);
        // a signature alone says nothing
        return words.trim() === '' ? '' : compose(wording, words);
      },
    });
  return { variables, holes, make };
}
