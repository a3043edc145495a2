import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DomainError } from '../../../kernel/errors.js';
import { Gathered } from '../../../platform/process/gathered.js';
import { parsePhone } from '../../../kernel/phone.js';
import { Database } from '../../../platform/database/database.js';
import type { Receipt } from '../gateway.types.js';
import { ReceiptsCommands } from '../../receipts/receipts.commands.js';
import { RepliesCommands } from '../../replies/replies.commands.js';
import { GatewaySecrets } from '../gateway-secrets.js';
import { isSame, signMessage, signReplies } from './callback-signature.js';
import { type Dlr, inboundOf, rawParams, receiptOf } from './kannel.policy.js';

/** A report that has come, of one gateway. */
interface Told {
  n: number;
  gateway: string;
  receipt: Receipt;
}

const MOST_AT_ONCE = 500;
const ROUNDS = 2;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Takes in what Kannel tells: reports, and what customers write. In any order, any number of times. */
@Injectable()
export class KannelCallbacks {
  private count = 0;
  /** Reports come in bursts: those that come together are one insert, and none is answered before it is kept. */
  private readonly reports: Gathered<Told, true>;

  constructor(
    private readonly database: Database,
    private readonly secrets: GatewaySecrets,
    private readonly receipts: ReceiptsCommands,
    private readonly replies: RepliesCommands,
  ) {
    this.reports = new Gathered<Told, true>({
      answer: (told) => this.keep(told),
      keyOf: ({ n }) => String(n),
      most: MOST_AT_ONCE,
      atOnce: ROUNDS,
    });
  }

  /** @throws DomainError gateway_signature_wrong (401) */
  async report(gateway: string, sig: string, dlr: Dlr): Promise<void> {
    const key = ID.test(dlr.message) ? await this.secrets.callbackKey(gateway) : undefined;
    if (key === undefined || !isSame(sig, signMessage(key, gateway, dlr.message))) throw forged();
    this.count += 1;
    await this.reports.ask({ n: this.count, gateway, receipt: receiptOf(dlr) });
  }

  /** @param url the address as it was called. @throws DomainError gateway_signature_wrong (401) */
  async reply(gateway: string, url: string): Promise<void> {
    const params = rawParams(url);
    const key = await this.secrets.callbackKey(gateway);
    if (key === undefined || !isSame(params.get('sig')?.toString() ?? '', signReplies(key, gateway))) throw forged();
    const inbound = inboundOf(params);
    const phone = parsePhone(inbound.number);
    const number = 'number' in phone ? phone.number : inbound.number;
    const ref = inbound.ref ?? refFor([number, inbound.body, params.get('at')?.toString() ?? '']);
    await this.database.tx((tx) => this.replies.receive(tx, gateway, { ref, number, body: inbound.body }));
  }

  private async keep(told: readonly Told[]): Promise<ReadonlyMap<Told, true>> {
    const gateways = new Set(told.map(({ gateway }) => gateway));
    await this.database.tx(async (tx) => {
      for (const gateway of gateways) {
        const receipts = told.filter((each) => each.gateway === gateway).map(({ receipt }) => receipt);
        await this.receipts.append(tx, gateway, receipts);
      }
    });
    return new Map(told.map((each) => [each, true]));
  }
}

/** Without an id, number, text and time stand for it: asked again it is the same. */
const refFor = (words: readonly string[]): string => createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 32);

const forged = (): DomainError => new DomainError('gateway_signature_wrong', { status: 401 });
