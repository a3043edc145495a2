import { type DynamicModule, Global, Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { Clock, type ManualClock } from '../../../src/kernel/clock.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { defineEvent } from '../../../src/platform/jobs/define-event.js';
import { defineJob } from '../../../src/platform/jobs/define-job.js';
import { DailyAt, EveryMinute, HandlesJob, OnEvent } from '../../../src/platform/jobs/job-handler.js';
import type { JobsOptions } from '../../../src/platform/jobs/jobs-options.js';
import { JobsModule } from '../../../src/platform/jobs/jobs.module.js';

export interface Piece {
  key: string;
}

export const work = defineJob<Piece>('test.work', { attempts: 3, backoffSeconds: 10, concurrency: 20 });
export const poison = defineJob<Piece>('test.poison', { attempts: 2, backoffSeconds: 1, concurrency: 4 });
export const single = defineJob<Piece>('test.single', { concurrency: 1 });
export const SomethingHappened = defineEvent<Piece>('test.something-happened');
export const NobodyCares = defineEvent<Piece>('test.nobody-cares');

/** Handlers whose behaviour a test sets by key. Shared by several apps of one test, so that it sees what any of them ran. */
@Injectable()
export class Workshop {
  readonly ran: string[] = [];
  readonly behaviours = new Map<string, () => Promise<void>>();
  atOnce = 0;
  mostAtOnce = 0;

  @HandlesJob(work)
  async onWork({ key }: Piece): Promise<void> {
    await this.note(key);
  }

  @HandlesJob(poison)
  async onPoison({ key }: Piece): Promise<void> {
    await this.note(key);
    throw new Error(`no such line "王小明" at +86 138 0013 8000`);
  }

  @HandlesJob(single)
  async onSingle({ key }: Piece): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await this.note(key);
    this.atOnce--;
  }

  @OnEvent(SomethingHappened, 'test.first-listener')
  async first({ key }: Piece): Promise<void> {
    await this.note(`first ${key}`);
  }

  @OnEvent(SomethingHappened, 'test.second-listener')
  async second({ key }: Piece): Promise<void> {
    await this.note(`second ${key}`);
  }

  @EveryMinute('test.each-minute')
  async eachMinute(now: Date): Promise<void> {
    await this.note(`minute ${now.toISOString()}`);
  }

  @DailyAt('06:00', 'test.daily')
  async daily(now: Date): Promise<void> {
    await this.note(`daily ${now.toISOString()}`);
  }

  times(key: string): number {
    return this.ran.filter((ran) => ran === key).length;
  }

  private async note(key: string): Promise<void> {
    this.ran.push(key);
    await this.behaviours.get(key)?.();
  }
}

@Global()
@Module({})
class ManualClockModule {
  static register(clock: ManualClock): DynamicModule {
    return { module: ManualClockModule, providers: [{ provide: Clock, useValue: clock }], exports: [Clock] };
  }
}

export interface AppParts {
  databaseUrl: string;
  clock: ManualClock;
  workshop: Workshop;
  jobs: Partial<JobsOptions>;
}

/** An app of nothing but the database and the jobs. */
export async function startApp(parts: AppParts): Promise<TestingModule> {
  const jobs: JobsOptions = { role: 'all', autoStart: true, pollMs: 50, ...parts.jobs };
  const imports = [ManualClockModule.register(parts.clock), DatabaseModule.register(parts.databaseUrl, 14), JobsModule.register(jobs)];
  const app = await Test.createTestingModule({ imports, providers: [{ provide: Workshop, useValue: parts.workshop }] }).compile();
  await app.init();
  return app;
}

/** Between tests, when every app is closed. */
export async function emptyJobTables(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('truncate platform.outbox, platform.schedule_run');
  await client.end();
}
