import { Inject, Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../../kernel/errors.js';
import { keptMessage } from '../../../platform/jobs/failure.policy.js';
import { JOBS_OPTIONS, type JobsOptions } from '../../../platform/jobs/jobs-options.js';
import { type GatewayAccount, NothingSent, type OutgoingMessage, type SubmitResult } from '../gateway.types.js';
import { PartsCommands } from '../../receipts/parts.commands.js';
import { GatewaySecrets } from '../gateway-secrets.js';
import { Arrivals } from './arrivals.js';
import type { Carried } from './carrier.js';
import { ClientPool, type StandingClient } from './client-pool.js';
import type { Arrival, LineFault, Patience, SessionState } from './dialect.types.js';
import { GatewayLines } from './gateway-lines.commands.js';
import { StandingGateway } from './standing-gateway.js';

export interface SendingClient extends StandingClient {
  submit(batch: readonly OutgoingMessage[]): Promise<Carried>;
}

export interface ClientEvents<Event> {
  onArrival(arrival: Arrival<Event>): void;
  onLine(line: string, state: SessionState, fault: LineFault | null): void;
}

/** What every protocol with sessions needs of the house. */
@Injectable()
export class ClientSurroundings {
  constructor(
    readonly secrets: GatewaySecrets,
    readonly lines: GatewayLines,
    readonly parts: PartsCommands,
    @Inject(JOBS_OPTIONS) readonly options: Pick<JobsOptions, 'role'>,
  ) {}
}

/** A protocol whose clients stand connected in this process, one an account. */
export abstract class ClientGateway<Client extends SendingClient, Event> extends StandingGateway {
  /** Tests wait less. */
  patience: Partial<Patience> = {};
  private readonly logger = new Logger('Messaging');
  private readonly clients = new ClientPool<Client>();
  private readonly inboxes = new Map<string, Arrivals<Event>>();

  constructor(protected readonly around: ClientSurroundings) {
    super();
  }

  protected abstract open(account: GatewayAccount, password: string, events: ClientEvents<Event>): Client;

  /** Stores all that came or none. */
  protected abstract store(account: GatewayAccount, events: readonly Event[]): Promise<void>;

  async submit(account: GatewayAccount, batch: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    const client = await this.client(account).catch((cause: unknown) => notOpened(cause));
    if (!client) throw new NothingSent('stopping');
    const { results, parts } = await client.submit(batch);
    await this.around.parts.register(account.code, parts);
    if (this.passing) await client.stop();
    return results;
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

  protected async client(account: GatewayAccount): Promise<Client | undefined> {
    const { code, settings, window } = account;
    const password = (await this.around.secrets.open(code))?.password ?? '';
    const open = (): Client => this.open(account, password, this.eventsOf(account));
    return this.passing ? open() : this.clients.get(code, JSON.stringify([settings, password, window]), open);
  }

  /** A process that only serves pages keeps no connection: a test message has one of its own. */
  private get passing(): boolean {
    return this.around.options.role === 'web';
  }

  private eventsOf(account: GatewayAccount): ClientEvents<Event> {
    const arrivals = this.arrivalsOf(account);
    return {
      onArrival: (arrival) => arrivals.take(arrival),
      onLine: (line, state, fault) => this.around.lines.tell(account.code, line, state, fault),
    };
  }

  private arrivalsOf(account: GatewayAccount): Arrivals<Event> {
    const key = JSON.stringify([account.code, account.settings]);
    const found =
      this.inboxes.get(key) ??
      new Arrivals<Event>(
        (events) => this.store(account, events),
        (error) => this.logger.error(`gateway ${account.code}: what it sent could not be kept, it is asked to send it again: ${keptMessage(error)}`),
      );
    this.inboxes.set(key, found);
    return found;
  }
}

/** Without its password no connection can be tried: certainly nothing was sent. */
function notOpened(cause: unknown): never {
  throw new NothingSent(cause instanceof DomainError ? cause.code : keptMessage(cause), { cause });
}
