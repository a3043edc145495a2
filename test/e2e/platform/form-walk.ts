import { logIn, unescaped } from '../../support/visitor.js';
import type { Walk } from './role-walk.js';

const FORMS = /<form\b([^>]*)>([\s\S]*?)<\/form>/g;
const FIELDS = /<input\b([^>]*)>|<select\b([^>]*)>([\s\S]*?)<\/select>/g;
const OPTIONS = /<option\b([^>]*)>/g;

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
const has = (tag: string, name: string): boolean => new RegExp(`\\s${name}(\\s|=|$)`).test(tag);

interface Field {
  name: string;
  /** What it sends as it stands. */
  value: string;
  /** What else could be chosen. */
  choices: string[];
  /** A browser does not send it empty. */
  required: boolean;
}

/** Offers everybody for both ends of a handover; that they are the same person is said at the field. */
const SAYS_SAME_PERSON = /^422 \/handover\?from=(\w+)&.*\bto=\1&/;

function selectOf(tag: string, inner: string): Field {
  const options = [...inner.matchAll(OPTIONS)].map(([, option = '']) => option);
  const chosen = options.find((option) => has(option, 'selected')) ?? options[0] ?? '';
  return {
    name: attribute(tag, 'name') ?? '',
    value: attribute(chosen, 'value') ?? '',
    choices: options.map((option) => attribute(option, 'value') ?? ''),
    required: has(tag, 'required'),
  };
}

function fieldsOf(form: string): Field[] {
  const found = [...form.matchAll(FIELDS)].flatMap(([, input, select, inner = '']): Field[] => {
    if (select !== undefined) return [selectOf(select, inner)];
    const tag = input ?? '';
    const off = ['checkbox', 'radio'].includes(attribute(tag, 'type') ?? '') && !has(tag, 'checked');
    return off ? [] : [{ name: attribute(tag, 'name') ?? '', value: attribute(tag, 'value') ?? '', choices: [], required: has(tag, 'required') }];
  });
  return found.filter(({ name }) => name !== '');
}

const addressOf = (action: string, fields: readonly Field[]): string =>
  `${action.split('?')[0] ?? ''}?${new URLSearchParams(fields.map(({ name, value }): [string, string] => [name, value])).toString()}`;

/** Where each GET form of a page leads: as it stands, and with each choice of each of its selects. */
function sendings(html: string, here: string): string[] {
  return [...html.matchAll(FORMS)].flatMap(([, tag = '', inner = '']) => {
    if (attribute(tag, 'method') !== 'get') return [];
    const fields = fieldsOf(inner);
    const action = attribute(tag, 'action') ?? here;
    const chosen = fields.flatMap((field) => field.choices.map((value) => fields.map((one) => (one === field ? { ...one, value } : one))));
    const sent = [fields, ...chosen].filter((each) => each.every(({ value, required }) => value !== '' || !required));
    return sent.map((each) => addressOf(action, each));
  });
}

/** Every form that narrows or looks up: tests of the walk, which share its world. */
export function walkForms(walk: () => Walk): void {
  it.each(['admin', 'planner-e', 'supervisor-e', 'm01'])('SYS-2 every list of %s can be narrowed by its form, empty boxes and all', async (who) => {
    const { test, routes, addressOf: known } = walk();
    const page = await logIn(test, who);
    const addresses = new Set<string>();
    for (const route of routes.filter(({ method, path }) => method === 'get' && !path.startsWith('/api/'))) {
      const here = known(route) ?? route.path;
      const answer = await page.get(here);
      if (answer.status === 200) for (const address of sendings(unescaped(answer.text), here)) addresses.add(address);
    }
    expect(addresses.size).toBeGreaterThan(5);
    const refused: string[] = [];
    for (const address of addresses) {
      const answer = await page.get(address);
      if (answer.status >= 400) refused.push(`${answer.status} ${address}`);
    }
    expect(refused.filter((answer) => !SAYS_SAME_PERSON.test(answer))).toEqual([]);
  });
}
