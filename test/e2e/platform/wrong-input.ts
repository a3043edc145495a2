/** What an operation of the OpenAPI document takes. */
export interface Operation {
  method: string;
  /** With its parameters: `/api/v1/customers/{id}`. */
  path: string;
  params: string[];
  query: { name: string; schema: Schema }[];
  body: Schema | undefined;
}

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  minimum?: number;
  minLength?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
}

export interface Shot {
  address: string;
  headers: Record<string, string>;
  body?: string | FormData;
}

interface Described {
  parameters?: { name: string; in: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}

export interface ApiDocument {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}

/** The same row of numbers for the same seed (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }
}

const cursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');

const TEXTS = [
  ...['', ' ', '\0', 'a\0b', '\ud800', 'x\udfff', '\ud83d', '\u0001\u001b[31m', '\u202eabc', '\ufeff', '𠮷', 'é'.repeat(300), 'x'.repeat(70_000)],
  ...[
    "'; drop table staff.app_user; --",
    '{{7*7}}',
    '../../etc/passwd',
    '%',
    '_',
    '\\',
    '%00',
    '%s%n',
    '<script>alert(1)</script>',
    '[object Object]',
  ],
  ...['-1', '0', '1e309', 'NaN', '9'.repeat(30), '2147483648', '9223372036854775808', '1.5', 'true', 'null', '__proto__', 'constructor', 'toString'],
  ...['2026-02-30', '0000-00-00', '9999-12-31', '275760-09-14', '2026-11-24T25:61:00Z', '9999-12-31T23:59:59+14:00', '-271821-04-20T00:00:00Z'],
  ...[
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '0193e5a0-0000-7000-8000-00000000000g',
    '+8613800000000000000',
    '((',
  ],
  ...[[], [null], ['x'], ['\0'], [{}], ['x', 'y'], [1e300, -1], ['2026-11-24T00:00:00Z', '\ud800'], ['x', 'y', 'z'], {}].map(cursor),
];
const OTHERS: unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 1e21, Number.MIN_VALUE],
  ...[
    [],
    [[]],
    [null],
    [{}],
    ['\0'],
    ['\ud800'],
    [1e300],
    Array<string>(5_000).fill('x'),
    {},
    { a: { b: { c: null } } },
    { length: -1 },
    { toString: 1 },
  ],
];

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const BROKEN = ['{', '{"a":', '{"a":1,}', "{'a':1}", '\ufeff{}', '{"a":1}x', 'undefined', '{"a":"\u0000"}', '{"\\ud800":1}', '', ' '];
const WHOLES = [
  'null',
  '0',
  '"x"',
  '[]',
  '[[]]',
  '[null]',
  '[{}]',
  'true',
  '1e400',
  deep(2_000),
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{}}}',
  '{"":1}',
];
const CONTENT_TYPES = [
  ...[
    'text/plain',
    'application/xml',
    'application/octet-stream',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'application/json; charset=utf-7',
  ],
  ...['application/x-www-form-urlencoded', 'application/jsonx', 'x', '*/*', 'application/vnd.api+json', 'application/json;charset=utf-16'],
];

/** Names of things there are, by the end of a field's name: a value that passes the first check lets the wrong one get further. */
const THINGS: [name: RegExp, value: unknown][] = [
  [/phones|numbers$/i, ['13955500001']],
  [/phone|number$/i, '13955500001'],
  [/segment$/i, 'hidden-segment'],
  [/campaign$/i, 'hidden-campaign'],
  [/template$/i, 'hidden-template'],
  [/blast$/i, 'hidden-blast'],
  [/gateway$/i, 'simulator'],
  [/^(team|unit|orgUnit)$/i, 'east-1'],
  [/^(to|owner|manager|user|username|agent)$/i, 'm01'],
  [/outcome$/i, 'no_answer'],
  [/(On|day|date|from|until|month|due)$/i, '2026-12-01'],
  [/url$/i, 'https://example.com/x'],
];

/** Wrong input for the operations of an API document: everything that may come over the wire, and nothing its forms would take gladly. */
export class WrongInput {
  constructor(
    private readonly schemas: Record<string, Schema>,
    private readonly dice: Dice,
    /** The address of a parameter's thing that there is. */
    private readonly known: (path: string) => string,
  ) {}

  shot(operation: Operation): Shot {
    const takesBody = !['get', 'head'].includes(operation.method);
    const ways = [
      ...(operation.params.length > 0 ? [() => this.wrongParam(operation)] : []),
      () => this.wrongQuery(operation),
      () => this.wrongHeaders(operation),
      ...(takesBody ? [() => this.wrongField(operation), () => this.wrongField(operation), () => this.lacking(operation)] : []),
      ...(takesBody ? [() => this.wrongWhole(operation), () => this.wrongType(operation), () => this.wrongFile(operation)] : []),
    ];
    return this.dice.of(ways)();
  }

  private wrongParam(operation: Operation): Shot {
    const victim = this.dice.of(operation.params);
    const path = operation.path.replace(`{${victim}}`, () => encodeText(this.dice.of(TEXTS)).slice(0, 4_000) || '%20');
    return { ...this.plain(operation), address: this.known(path) };
  }

  private wrongQuery(operation: Operation): Shot {
    const names = [...operation.query.map(({ name }) => name), 'cursor', 'limit', 'lang', 'unknown'];
    const asked = operation.query.filter(() => this.dice.chance(0.5)).map(({ name, schema }) => [name, String(this.right(name, schema))] as const);
    const wrong = Array.from({ length: this.dice.of([1, 1, 2, 3]) }, () => [this.dice.of(names), this.dice.of(TEXTS).slice(0, 4_000)] as const);
    const query = [...asked, ...wrong].map(([name, text]) => `${encodeURIComponent(name)}=${encodeText(text)}`).join('&');
    const shot = this.plain(operation);
    return { ...shot, address: `${shot.address}?${query}${this.dice.of(['', '', '&%ED%A0%80', '&=', '&a[b]=c', '&%'])}` };
  }

  private wrongHeaders(operation: Operation): Shot {
    const shot = this.plain(operation);
    const odd = {
      'idempotency-key': this.dice.of(['', ' ', 'x'.repeat(300), 'é', 'a b', 'k1']),
      'accept-language': this.dice.of(['x'.repeat(999), ';q=,', '*']),
    };
    return {
      ...shot,
      headers: {
        ...shot.headers,
        ...odd,
        accept: this.dice.of(['*/*', 'application/xml', 'x']),
        'x-request-id': this.dice.of(['', "'", 'x'.repeat(99)]),
      },
    };
  }

  private wrongField(operation: Operation): Shot {
    const body = this.rightBody(operation);
    const victim = this.dice.of([...Object.keys(body), 'unknown']);
    return this.sent(operation, JSON.stringify({ ...body, [victim]: this.wrongValue(body[victim]) }));
  }

  /** Mostly whole things of another kind; sometimes a thing of the right kind with a wrong one in it. */
  private wrongValue(right: unknown): unknown {
    const wrong: unknown = this.dice.chance(0.6) ? this.dice.of(TEXTS) : this.dice.of(OTHERS);
    if (Array.isArray(right) && this.dice.chance(0.5)) return [...(right as unknown[]), wrong];
    if (typeof right === 'object' && right !== null && this.dice.chance(0.6))
      return { ...right, [this.dice.of([...Object.keys(right), 'x'])]: wrong };
    return wrong;
  }

  private lacking(operation: Operation): Shot {
    const kept = Object.entries(this.rightBody(operation)).filter(() => this.dice.chance(0.5));
    return this.sent(operation, JSON.stringify(Object.fromEntries(kept)));
  }

  private wrongWhole(operation: Operation): Shot {
    return this.sent(operation, this.dice.of(this.dice.chance(0.5) ? BROKEN : WHOLES));
  }

  private wrongType(operation: Operation): Shot {
    const shot = this.sent(operation, this.dice.of([JSON.stringify(this.rightBody(operation)), 'a=1&a=2&%=%', '\0', '--x\r\n\r\n']));
    return { ...shot, headers: { 'content-type': this.dice.of(CONTENT_TYPES) } };
  }

  private wrongFile(operation: Operation): Shot {
    const form = new FormData();
    if (this.dice.chance(0.5)) form.set(this.dice.of(['feed', 'segment', '_csrf', '__proto__']), this.dice.of(TEXTS));
    const text = this.dice.of(['', '\0\0\0', 'PK\u0003\u0004broken', 'phone\n\0\n', '"', ','.repeat(9_999), '\ufeff', 'phone,name\n"']);
    form.set(
      this.dice.of(['file', 'file', 'other']),
      new Blob([text]),
      this.dice.of(['x.csv', '', '../../x', 'x'.repeat(500), 'a\0b.xlsx', '\u202e']),
    );
    return { address: this.known(operation.path), headers: {}, body: form };
  }

  private plain(operation: Operation): Shot {
    if (['get', 'head'].includes(operation.method)) return { address: this.known(operation.path), headers: {} };
    return this.sent(operation, JSON.stringify(this.rightBody(operation)));
  }

  private sent(operation: Operation, body: string): Shot {
    return { address: this.known(operation.path), headers: { 'content-type': 'application/json' }, body };
  }

  private rightBody({ body }: Operation): Record<string, unknown> {
    const { properties = {} } = this.resolved(body ?? {});
    return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, this.right(name, schema)]));
  }

  private resolved(schema: Schema): Schema {
    const name = (schema.$ref ?? schema.allOf?.[0]?.$ref)?.split('/').at(-1);
    return name ? (this.schemas[name] ?? {}) : schema;
  }

  /** Something the check of this field may well take. */
  private right(name: string, given: Schema): unknown {
    const schema = this.resolved(given);
    if (schema.enum) return this.dice.of(schema.enum);
    if (schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([field, each]) => [field, this.right(field, each)]));
    const thing = THINGS.find(([end]) => end.test(name))?.[1];
    if (schema.type === 'array') return [schema.items?.type ? this.right(name, schema.items) : (thing ?? 'x')].flat();
    if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1);
    if (schema.type === 'boolean') return this.dice.chance(0.5);
    if (schema.type === 'object') return {};
    return thing ?? (schema.format === 'date-time' ? '2026-12-01T10:00:00+08:00' : 'x'.padEnd(schema.minLength ?? 1, 'x'));
  }
}

/** Lone surrogates as the bytes they would be: no proper encoder writes them. */
const encodeText = (text: string): string =>
  text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\s\S]/g, (letter) => {
    const code = letter.charCodeAt(0);
    const lone = letter.length === 1 && code >= 0xd800 && code <= 0xdfff;
    return lone ? '%ED%A0%80' : letter === '%' ? '%25' : encodeURIComponent(letter);
  });

export function operationsOf({ paths }: ApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method,
      path,
      params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''),
      query: parameters.filter((one) => one.in === 'query').map(({ name, schema = {} }) => ({ name, schema })),
      body: Object.values(requestBody?.content ?? {})[0]?.schema,
    })),
  );
}
