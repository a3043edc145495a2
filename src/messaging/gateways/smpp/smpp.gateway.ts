import { Inject, Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../../kernel/errors.js';
import { keptMessage } from '../../../platform/jobs/failure.policy.js';
import { JOBS_OPTIONS, type JobsOptions } from '../../../platform/jobs/jobs-options.js';
import { type GatewayAccount, NothingSent, type OutgoingMessage, type SubmitResult } from '../../gateway.types.js';
import { PartsCommands } from '../../parts.commands.js';
import { wholeRef } from '../../parts.policy.js';
import { GatewaySecrets } from '../gateway-secrets.js';
import { Arrivals } from '../session/arrivals.js';
import { ClientPool } from '../session/client-pool.js';
import type { Patience } from '../session/dialect.types.js';
import { GatewayLines } from '../session/gateway-lines.commands.js';
import { StandingGateway } from '../session/standing-gateway.js';
import type { ShortMessage } from './pdu.types.js';
import { type SmppAccount, SmppClient, type SmppEvents } from './smpp-client.js';
import { SmppInbox } from './smpp-inbox.commands.js';
import { smppSettings } from './smpp-settings.policy.js';

/** Of one round of questions: more doubts are asked about in the next. */
const MOST_QUESTIONS = 200;

/** SMPP 3.4: connections of this process, one client an account. */
@Injectable()
export class SmppGateway extends StandingGateway {
  readonly kind = 'smpp';
  /** Tests wait less. */
  patience: Partial<Patience> = {};
  private readonly logger = new Logger('Messaging');
  private readonly clients = new ClientPool<SmppClient>();
  private readonly inboxes = new Map<string, Arrivals<ShortMessage>>();

  constructor(
    private readonly secrets: GatewaySecrets,
    private readonly inbox: SmppInbox,
    private readonly lines: GatewayLines,
    private readonly parts: PartsCommands,
    @Inject(JOBS_OPTIONS) private readonly options: Pick<JobsOptions, 'role'>,
  ) {
    super();
  }

  async submit(account: GatewayAccount, batch: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    const client = await this.client(account).catch((cause: unknown) => this.notOpened(cause));
    if (!client) throw new NothingSent('stopping');
    const { results, parts } = await client.submit(batch);
    await this.parts.register(account.code, parts);
    if (this.passing) await client.stop();
    return results;
  }

  /** The centre is asked by its own ids, and of most doubts it never told us one: those it cannot speak of stay. */
  async lookUp(account: GatewayAccount, ids: readonly string[]): Promise<ReadonlyMap<string, SubmitResult> | undefined> {
    const known = [...(await this.parts.gatewayIds(account.code, ids))].slice(0, MOST_QUESTIONS);
    const client = known.length > 0 ? await this.client(account) : undefined;
    if (!client || !(await client.bound(0))) return undefined;
    const told = new Map<string, SubmitResult>(ids.map((id) => [id, { id, outcome: 'unknown' }]));
    for (const [id, gatewayIds] of known) {
      const answers = await Promise.all(gatewayIds.map((gatewayId) => client.query(gatewayId)));
      if (answers.every((answer) => answer !== null)) told.set(id, { id, outcome: 'accepted', ref: wholeRef(id) });
    }
    return told;
  }

  async keep(accounts: readonly GatewayAccount[]): Promise<void> {
    this.clients.keepOnly(new Set(accounts.map(({ code }) => code)));
    for (const account of accounts) {
      await this.client(account).catch((error: unknown) => this.logger.warn(`gateway ${account.code}: ${keptMessage(error)}`));
    }
  }

  async close(): Promise<void> {
    await this.clients.close();
    await Promise.all([...this.inboxes.values()].map((inbox) => inbox.settled()));
  }

  /** A process that only serves pages keeps no connection: a test message has one of its own. */
  private get passing(): boolean {
    return this.options.role === 'web';
  }

  private async client(account: GatewayAccount): Promise<SmppClient | undefined> {
    const { code, window } = account;
    const settings = smppSettings(account.settings);
    const password = (await this.secrets.open(code))?.password ?? '';
    const open = (): SmppClient => this.open(code, { settings, password, window });
    return this.passing ? open() : this.clients.get(code, JSON.stringify([settings, password, window]), open);
  }

  private open(code: string, account: SmppAccount): SmppClient {
    const arrivals = this.arrivalsOf(code, account.settings.idFormat);
    const events: SmppEvents = {
      onArrival: (arrival) => arrivals.take(arrival),
      onLine: (line, state, fault) => this.lines.tell(code, line, state, fault),
    };
    return new SmppClient(account, events, this.patience);
  }

  /** Without its password no connection can be tried: certainly nothing was sent. */
  private notOpened(cause: unknown): never {
    throw new NothingSent(cause instanceof DomainError ? cause.code : keptMessage(cause), { cause });
  }

  private arrivalsOf(code: string, format: ReturnType<typeof smppSettings>['idFormat']): Arrivals<ShortMessage> {
    const key = `${code} ${format}`;
    const found =
      this.inboxes.get(key) ??
      new Arrivals<ShortMessage>(
        (messages) => this.inbox.keep(code, format, messages),
        (error) => this.notKept(code, error),
      );
    this.inboxes.set(key, found);
    return found;
  }

  private notKept(code: string, error: unknown): void {
    this.logger.error(`gateway ${code}: what it sent could not be kept, it is asked to send it again: ${keptMessage(error)}`);
  }
}
