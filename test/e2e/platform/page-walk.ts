import { logIn, unescaped } from '../../support/visitor.js';
import { pagesOf, type Walk } from './role-walk.js';

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

/** Offers everybody for all ends of a handover; that they are the same person is said at the field. */
const SAYS_SAME_PERSON = /^422 \/handover\?from=([\w-]+)&.*\b(?:to|callbacksTo)=\1(?:&| )/;

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

/** Where each GET form of a page leads: as it stands, and with every choice of each of its selects once. */
function sendings(html: string, here: string): string[] {
  return [...html.matchAll(FORMS)].flatMap(([, tag = '', inner = '']) => {
    if (attribute(tag, 'method') !== 'get') return [];
    const fields = fieldsOf(inner);
    const action = attribute(tag, 'action') ?? here;
    const rounds = Math.max(0, ...fields.map(({ choices }) => choices.length));
    const chosen = Array.from({ length: rounds }, (_, i) =>
      fields.map((one) => ({ ...one, value: one.choices[i % one.choices.length] ?? one.value })),
    );
    const sent = [fields, ...chosen].filter((each) => each.every(({ value, required }) => value !== '' || !required));
    return sent.map((each) => addressOf(action, each));
  });
}

/** Where a page leads. */
interface Lead {
  to: string;
  from: string;
}

const LINKS = /\s(?:href|hx-get)="(\/[^"#]*)/g;
/** Leave the page for another language or the house. */
const ELSEWHERE = /^\/(static|logout)|[?&]lang=/;
const linksOf = (html: string): string[] => [...html.matchAll(LINKS)].map(([, link = '']) => link).filter((link) => !ELSEWHERE.test(link));
/** Links to things of one kind: one of them is followed. */
const shapeOf = (link: string): string => link.replace(/=[^&]*/g, '=').replace(/\d[\d-]*/g, 'n');
const oneOfAKind = (leads: readonly Lead[]): Lead[] => [...new Map(leads.map((lead) => [shapeOf(lead.to), lead])).values()];

const WHO = ['planner-e', 'supervisor-e', 'judge-e', 'm01', 'client-e'];

/** What a page offers can be had: tests of the walk, which share its world. */
export function walkPages(walk: () => Walk): void {
  const leadsOf = async (who: string, read: (html: string, here: string) => string[]): Promise<Lead[]> => {
    const pages = (await pagesOf(walk(), who)).filter(({ answer }) => answer.status === 200);
    return pages.flatMap(({ address, answer }) => read(unescaped(answer.text), address).map((to) => ({ to, from: address })));
  };
  const refusedOf = async (who: string, leads: readonly Lead[]): Promise<string[]> => {
    const page = await logIn(walk().test, who);
    const refused: string[] = [];
    for (const { to, from } of leads) {
      const answer = await page.get(to);
      if (answer.status >= 400) refused.push(`${answer.status} ${to} on ${from}`);
    }
    return refused;
  };

  it.each(WHO)('SYS-2 no page of %s leads where it is closed to them or where nothing is', async (who) => {
    const leads = oneOfAKind(await leadsOf(who, linksOf));
    expect(leads.length).toBeGreaterThan(5);
    expect(await refusedOf(who, leads)).toEqual([]);
  });

  // after the links: other days of the forecast are another forecast
  it.each(WHO)('SYS-2 every page of %s can be narrowed by its forms, empty boxes and all', async (who) => {
    const sent = new Map((await leadsOf(who, sendings)).map((lead) => [lead.to, lead]));
    const refused = await refusedOf(who, [...sent.values()]);
    expect(refused.filter((answer) => !SAYS_SAME_PERSON.test(answer))).toEqual([]);
  });
}
