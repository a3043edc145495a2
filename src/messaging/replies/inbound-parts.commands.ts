import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { RepliesCommands } from './replies.commands.js';

/** The rest of a message comes within minutes or never: then what is there is taken for the whole, for it may be an opt-out. */
const WAIT_MS = 10 * 60_000;
const CHUNK = 500;

/** One part of what a customer writes. */
export interface InboundPiece {
  number: string;
  body: string;
  reference: number;
  total: number;
  part: number;
}

/** Under which the whole is kept: its parts have ids of the gateway's each. */
const refOf = (reference: number, parts: number): string => `parts-${reference}-${parts}`;

interface Whole {
  gateway: string;
  number: string;
  reference: number;
  parts: number;
  body: string;
}

/** Answers that come in parts, each acknowledged by itself: kept until all are there. */
@Injectable()
export class InboundParts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly replies: RepliesCommands,
  ) {}

  async receive(tx: Tx, gateway: string, { number, body, reference, total, part }: InboundPiece): Promise<void> {
    await this.lock(tx, gateway, number);
    if (await this.isSentAgain(tx, gateway, { number, body, reference, total })) return;
    await tx.run(sql`
      insert into messaging.inbound_part (gateway_code, number, reference, part, parts, body, received_at)
      values (${gateway}, ${number}, ${reference}, ${part}, ${total}, ${body}, ${this.clock.now()}) on conflict do nothing`);
    const { there } = await tx.one<{ there: number }>(sql`
      select count(*)::int as there from messaging.inbound_part
      where gateway_code = ${gateway} and number = ${number} and reference = ${reference} and parts = ${total}`);
    if (there === total) await this.pass(tx, { gateway, number, reference, parts: total, body: '' });
  }

  /** Parts of the same message may come over two lines at once, and the last one while the others are given up on. */
  private lock(tx: Tx, gateway: string, number: string): Promise<unknown> {
    return tx.run(sql`select pg_advisory_xact_lock(hashtext('messaging.inbound'), hashtext(${`${gateway} ${number}`}))`);
  }

  /** Of a message that has been whole already: the gateway has not heard that this part is kept. */
  private async isSentAgain(tx: Tx, gateway: string, { number, body, reference, total }: Omit<InboundPiece, 'part'>): Promise<boolean> {
    const whole = await tx.maybe(sql`
      select 1 from messaging.reply where number = ${number} and gateway_code = ${gateway} and gateway_ref = ${refOf(reference, total)}
        and position(${body}::text in body) > 0 and received_at > ${new Date(this.clock.now().getTime() - WAIT_MS)} limit 1`);
    return whole !== undefined;
  }

  /** What waits for parts that will not come. */
  async passOld(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - WAIT_MS);
    const old = await this.database.rows<Whole>(sql`
      select distinct gateway_code as gateway, number, reference, parts, '' as body from messaging.inbound_part where received_at < ${before} limit ${CHUNK}`);
    for (const one of old) await this.database.tx((tx) => this.pass(tx, one));
  }

  private async pass(tx: Tx, { gateway, number, reference, parts }: Whole): Promise<void> {
    await this.lock(tx, gateway, number);
    const { body } = await tx.one<{ body: string | null }>(sql`
      with gone as (
        delete from messaging.inbound_part where gateway_code = ${gateway} and number = ${number} and reference = ${reference} and parts = ${parts} returning *
      )
      select string_agg(body, '' order by part) as body from gone`);
    if (body !== null) await this.replies.receive(tx, gateway, { ref: refOf(reference, parts), number, body });
  }
}
