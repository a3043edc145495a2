import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { keptMessage } from '../../../platform/jobs/failure.policy.js';
import { JOBS_OPTIONS, type JobsOptions } from '../../../platform/jobs/jobs-options.js';
import type { Gateway } from '../gateway.types.js';
import { GATEWAYS, GatewaysQueries } from '../gateways.queries.js';
import { GatewayLines } from './gateway-lines.commands.js';
import { StandingGateway } from './standing-gateway.js';

/** A new account, or changed settings, take effect within this time in every process. */
const LOOK_MS = 2_000;
const LOOKS_A_BEAT = 10;

/** Keeps connections in the processes that run jobs, for those are the ones that send: a process that only serves pages binds nowhere. */
@Injectable()
export class SessionKeeper implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Messaging');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private looks = 0;

  constructor(
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    @Inject(GATEWAYS) private readonly protocols: readonly Gateway[],
    private readonly gateways: GatewaysQueries,
    private readonly lines: GatewayLines,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.role === 'web' || !this.options.autoStart) return;
    const look = (): void => {
      this.looking = this.look().catch((error: unknown) => this.logger.warn(`the gateways could not be read: ${keptMessage(error)}`));
      void this.looking.then(() => (this.timer = this.timer && setTimeout(look, LOOK_MS)));
    };
    this.timer = setTimeout(look, 0);
  }

  /** Once: what is in use is connected, what is not any more is left. */
  async look(): Promise<void> {
    const accounts = await this.gateways.list();
    for (const protocol of this.standing) {
      await protocol.keep(accounts.filter(({ kind, active }) => active && kind === protocol.kind));
    }
    if (this.standing.length > 0 && this.looks++ % LOOKS_A_BEAT === 0) await this.lines.beat();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** After the jobs have ended: nothing is handed over any more. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.looking;
    await Promise.all(this.standing.map((protocol) => protocol.close()));
    await this.lines.settled();
  }

  private get standing(): StandingGateway[] {
    return this.protocols.filter((protocol) => protocol instanceof StandingGateway);
  }
}
