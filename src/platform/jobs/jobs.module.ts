import { BullModule } from '@nestjs/bull';
import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { BullRunner, bullOptions, QUEUE } from './bull-runner.js';
import { DeadLetters } from './dead-letters.commands.js';
import { Events } from './events.js';
import { InProcessRunner } from './in-process-runner.js';
import { JobExecution } from './job-execution.js';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { JOBS_OPTIONS, type JobsOptions } from './jobs-options.js';
import { JobsQueries } from './jobs.queries.js';
import { Leases } from './leases.js';
import { Outbox } from './outbox.js';
import { Relay } from './relay.js';
import { ScheduleTicker } from './schedule-ticker.js';
import { WakeUps } from './wake-ups.js';

/** What every role needs: to leave work behind, and to know that it is wired. */
const WRITING = [Outbox, Events, JobRegistry, JobsQueries, DeadLetters];
const WORKING: Provider[] = [Leases, JobExecution, WakeUps, Relay, ScheduleTicker];

/** Work that follows a commit. Needs Database and a global Clock. The role `web` only writes to the outbox. */
@Global()
@Module({})
export class JobsModule {
  static register(options: JobsOptions): DynamicModule {
    const settings: Provider = { provide: JOBS_OPTIONS, useValue: options };
    const base = { module: JobsModule, exports: [...WRITING, JOBS_OPTIONS] };
    if (options.role === 'web') return { ...base, imports: [DiscoveryModule], providers: [settings, ...WRITING] };
    const runner: Provider = { provide: JobRunner, useClass: options.redisUrl ? BullRunner : InProcessRunner };
    const queue = options.redisUrl ? [BullModule.registerQueue({ name: QUEUE, ...bullOptions(options) })] : [];
    const ticks = (options.schedules ?? options.autoStart) ? [ScheduleModule.forRoot()] : [];
    return {
      ...base,
      imports: [DiscoveryModule, ...queue, ...ticks],
      providers: [settings, ...WRITING, ...WORKING, runner],
      exports: [...base.exports, JobRunner],
    };
  }
}
