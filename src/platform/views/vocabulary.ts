import Handlebars from 'handlebars';
import type { HelperDelegate, HelperOptions } from 'handlebars';
import { dayOf } from '../../kernel/day.js';
import { formatFen } from '../../kernel/money.js';
import { formatPhone, maskPhone } from '../../kernel/phone.js';
import type { Catalogue, Locale } from '../i18n/catalogue.js';
import * as formats from './formats.js';

/** What the root context of each rendering holds besides the page's own values. */
interface Root {
  locale: Locale;
  now: Date;
  slots: Record<string, string>;
  path: string;
  query: string;
  csrfToken: () => string;
  errors?: Record<string, string>;
}

const rootOf = (options: HelperOptions): Root => (options.data as { root: Root }).root;
/** Templates show text, numbers and flags; anything else in a text place is a fault of the page. */
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';

const words = (catalogue: Catalogue): Record<string, HelperDelegate> => ({
  /** {{t "campaigns.title" name=campaign.name}} */
  t: (key: string, options: HelperOptions) => catalogue.t(rootOf(options).locale, key, options.hash),
  /** {{tf flash}}: a sentence that travels as key and parameters. */
  tf: (note: { key: string; params: Record<string, unknown> }, options: HelperOptions) => catalogue.t(rootOf(options).locale, note.key, note.params),
  /** {{named "almanac." name}}: what has a word of its own by that word, what people named by that name. */
  named: (prefix: string, name: unknown, options: HelperOptions) => {
    const key = `${prefix}${text(name)}`;
    return catalogue.has(key) ? catalogue.t(rootOf(options).locale, key) : text(name);
  },
  /** {{tl "gateways.named" gateways kind="gateways.kind."}}: a list, each of it by the same sentence; the hash says of which of its fields words stand where. */
  tl: (key: string, list: readonly Record<string, unknown>[], options: HelperOptions) => {
    const say = (name: string, params?: Record<string, unknown>): string => catalogue.t(rootOf(options).locale, name, params);
    const worded = (each: Record<string, unknown>): object =>
      Object.fromEntries(
        Object.entries(options.hash as Record<string, string>).map(([field, prefix]) => [field, say(`${prefix}${text(each[field])}`)]),
      );
    return list.map((each) => say(key, { ...each, ...worded(each) })).join('、');
  },
  /** {{tc "outcome." code}}: a key put together from a prefix and a code. */
  tc: (prefix: string, code: unknown, options: HelperOptions) => catalogue.t(rootOf(options).locale, `${prefix}${text(code)}`, options.hash),
});

const numbers: Record<string, HelperDelegate> = {
  count: (value: unknown) => formats.countText(value),
  rate: (value: unknown) => formats.rateText(value),
  /** A difference of rates in percentage points: 7.4 */
  points: (value: unknown) => formats.pointsText(value),
  /** What something does to a rate, in percentage points with its sign: −7.4 */
  effect: (value: unknown) => formats.effectText(value),
  bytes: (value: unknown) => formats.bytesText(Number(value)),
  /** Fen in a table: 239.00 */
  money: (value: unknown) => (value === null || value === undefined ? '—' : formatFen(Number(value))),
  /** Fen in a sentence: 239 元 · CNY 239 */
  yuan: (value: unknown, options: HelperOptions) =>
    rootOf(options).locale === 'zh' ? `${formatFen(Number(value), true)}元` : `CNY ${formatFen(Number(value), true)}`,
  phone: (value: unknown) => (value ? formatPhone(text(value)) : '—'),
  mask: (value: unknown) => (value ? maskPhone(text(value)) : '—'),
};

const dates: Record<string, HelperDelegate> = {
  /** 2026-11-24 */
  day: (value: unknown) => formats.toDay(value) ?? '—',
  /** 11-24, or 2025-11-24 in another year */
  dayShort: (value: unknown, options: HelperOptions) => on(value, (day) => formats.dayText(day, rootOf(options).now)),
  /** 今天、昨天、周四、11月24日 */
  near: (value: unknown, options: HelperOptions) => on(value, (day) => formats.nearText(day, rootOf(options).locale, rootOf(options).now)),
  /** The same for what comes every year: 8月24日, this year or next */
  nearMonthDay: (value: unknown, options: HelperOptions) =>
    on(value, (day) => formats.nearMonthDayText(day, rootOf(options).locale, rootOf(options).now)),
  /** 11月24日 */
  monthDay: (value: unknown, options: HelperOptions) => on(value, (day) => formats.monthDayText(day, rootOf(options).locale, rootOf(options).now)),
  weekday: (value: unknown, options: HelperOptions) =>
    on(value, (day) => formats.weekdayText(day, rootOf(options).locale, options.hash.long === true)),
  time: (value: unknown) => at(value, formats.timeText),
  /** 11-24 18:30 */
  dateTime: (value: unknown, options: HelperOptions) =>
    at(value, (instant) => `${formats.dayText(dayOf(instant), rootOf(options).now)} ${formats.timeText(instant)}`),
  /** For <time datetime> and <input type=datetime-local> */
  iso: (value: unknown) => at(value, (instant) => instant.toISOString()),
  duration: (value: unknown, options: HelperOptions) =>
    value === null || value === undefined ? '—' : formats.durationText(Number(value), rootOf(options).locale),
};

const on = (value: unknown, show: (day: string) => string): string => {
  const day = formats.toDay(value);
  return day ? show(day) : '—';
};
const at = (value: unknown, show: (instant: Date) => string): string => {
  const instant = formats.toInstant(value);
  return instant ? show(instant) : '—';
};

const logic: Record<string, HelperDelegate> = {
  eq: (a: unknown, b: unknown) => a === b,
  ne: (a: unknown, b: unknown) => a !== b,
  gt: (a: number, b: number) => a > b,
  gte: (a: number, b: number) => a >= b,
  lt: (a: number, b: number) => a < b,
  not: (a: unknown) => !a,
  and: (...args: unknown[]) => args.slice(0, -1).every(Boolean),
  or: (...args: unknown[]) => args.slice(0, -1).find(Boolean),
  concat: (...args: unknown[]) => args.slice(0, -1).map(text).join(''),
  first: (value: unknown) => [...text(value)][0] ?? '',
  includes: (list: unknown, item: unknown) => Array.isArray(list) && list.includes(item),
};

const forms: Record<string, HelperDelegate> = {
  /** The hidden field every unsafe form carries. */
  csrf: (options: HelperOptions) =>
    new Handlebars.SafeString(`<input type="hidden" name="_csrf" value="${Handlebars.escapeExpression(rootOf(options).csrfToken())}">`),
  /** The bare token, for a header. */
  csrfToken: (options: HelperOptions) => rootOf(options).csrfToken(),
  /** Attributes of an input whose form came back with a fault at it: <input name="code" {{invalid "code"}}> */
  invalid: (name: string, options: HelperOptions) =>
    rootOf(options).errors?.[name]
      ? new Handlebars.SafeString(`aria-invalid="true" aria-describedby="${Handlebars.escapeExpression(name)}-error"`)
      : '',
  checked: (condition: unknown) => new Handlebars.SafeString(condition ? 'checked' : ''),
  selected: (value: unknown, option: unknown) => new Handlebars.SafeString(text(value) === text(option) ? 'selected' : ''),
};

const layout: Record<string, HelperDelegate> = {
  /** {{#slot "crumb"}}…{{/slot}} in a page fills {{{slots.crumb}}} of the layout. */
  slot(this: unknown, name: string, options: HelperOptions) {
    rootOf(options).slots[name] = options.fn(this);
    return '';
  },
  /** This page's own address with one query value replaced: {{here lang="en"}} */
  here: (options: HelperOptions) => {
    const { path, query } = rootOf(options);
    const values = new URLSearchParams(query);
    for (const [name, value] of Object.entries(options.hash)) {
      if (value === null || value === '') values.delete(name);
      else values.set(name, text(value));
    }
    return values.size > 0 ? `${path}?${values.toString()}` : path;
  },
};

export const viewHelpers = (catalogue: Catalogue): Record<string, HelperDelegate> => ({
  ...words(catalogue),
  ...numbers,
  ...dates,
  ...logic,
  ...forms,
  ...layout,
});
