import pg from 'pg';
import { type CompiledBody, compileBody } from '../../src/messaging/wording/wording.js';
import { BODY } from './blast-run.js';
import { type LeastMessage, LeastWire } from './least-wire.js';
import type { Smsc } from './smsc.js';

const BATCH = 1_000;
/** Cut ahead of the wire. */
const AHEAD = 2 * BATCH;

const TABLES = `
  create schema if not exists bench;
  create table if not exists bench.message (
    id bigint generated always as identity primary key, blast_id integer, customer_id bigint, number text, body text, state smallint not null default 0, ref text);
  create unique index if not exists message_customer on bench.message (blast_id, customer_id);
  create index if not exists message_open on bench.message (id) where state = 0;
  create table if not exists bench.taken (id bigint, ref text);
  create table if not exists bench.receipt (ref text)`;

const ELIGIBLE = `
  select l.id as line, c.id as customer, l.number, c.name, l.package from customers.line l join customers.customer c on c.id = l.customer_id
  where l.id > $1 and c.sms_consent and not exists (select from contact.block b where b.number = l.number) order by l.id limit ${BATCH}`;

const INTENT =
  'insert into bench.message (blast_id, customer_id, number, body) select 1, * from unnest($1::bigint[], $2::text[], $3::text[]) returning id';

const MERGE = `
  update bench.message m set state = 2, ref = t.ref from bench.taken t join bench.receipt r on r.ref = t.ref where m.id = t.id and m.state < 2`;

interface Card {
  line: string;
  customer: string;
  number: string;
  name: string;
  package: string;
}

/**
 * The least that still is a blast, on the same tables of customers: consent and block looked up as a batch is cut, rendered, intents committed before the
 * first submit, what comes back appended and merged once at the end. No ledger, no caps, no figures, no locks, no pause, nothing settled after a crash:
 * how far the product is from it is what all of these cost.
 */
export class LeastPipeline {
  private readonly body: CompiledBody = compileBody(BODY);

  private constructor(
    private readonly cutting: pg.Client,
    private readonly noting: pg.Client,
    private readonly smsc: Smsc,
  ) {}

  static async open(databaseUrl: string, smsc: Smsc): Promise<LeastPipeline> {
    const [cutting, noting] = [new pg.Client(databaseUrl), new pg.Client(databaseUrl)];
    await Promise.all([cutting.connect(), noting.connect()]);
    await cutting.query(TABLES);
    return new LeastPipeline(cutting, noting, smsc);
  }

  async clear(): Promise<void> {
    await this.cutting.query('truncate bench.message, bench.taken, bench.receipt');
  }

  /** @returns how many were sent; each has its receipt. */
  async run(): Promise<number> {
    const wire = await LeastWire.open(this.smsc.port, {
      taken: (ids, refs) => this.note('insert into bench.taken select * from unnest($1::bigint[], $2::text[])', [ids, refs]),
      receipts: (refs) => this.note('insert into bench.receipt select unnest($1::text[])', [refs]),
    });
    let sent = 0;
    for (let cards = await this.next('0'); cards.length > 0; cards = await this.next(cards.at(-1)?.line ?? '0')) {
      wire.send(await this.intend(cards));
      sent += cards.length;
      await wire.fewerThan(AHEAD);
    }
    await wire.end(sent);
    const { rowCount } = await this.cutting.query(MERGE);
    if (rowCount !== sent) throw new Error(`the least pipeline sent ${sent} and applied ${rowCount ?? 0} receipts`);
    return sent;
  }

  private async next(after: string): Promise<Card[]> {
    return (await this.cutting.query<Card>({ name: 'eligible', text: ELIGIBLE, values: [after] })).rows;
  }

  private async intend(cards: readonly Card[]): Promise<LeastMessage[]> {
    const bodies = cards.map((card) => `【中国电信】${this.body.render({ honorific: card.name, package: card.package })} 拒收请回复R`);
    const values = [cards.map(({ customer }) => customer), cards.map(({ number }) => number), bodies];
    const { rows } = await this.cutting.query<{ id: string }>({ name: 'intent', text: INTENT, values });
    return rows.map(({ id }, i) => ({ id: Number(id), number: cards[i]?.number ?? '', body: bodies[i] ?? '' }));
  }

  private note(text: string, values: unknown[]): Promise<unknown> {
    return this.noting.query(text, values);
  }

  async close(): Promise<void> {
    await Promise.all([this.cutting.end(), this.noting.end()]);
  }
}
