// A worker of its own for the fault tests. `hold`: its jobs begin and never end; `work`: they write their key to public.done.
import { type DynamicModule, Global, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Clock, SystemClock } from '../../src/kernel/clock.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { sql } from '../../src/platform/database/sql.js';
import { defineJob } from '../../src/platform/jobs/define-job.js';
import { HandlesJob } from '../../src/platform/jobs/job-handler.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';

const [databaseUrl = '', redisUrl = '', mode = 'work'] = process.argv.slice(2);
const say = (event: string, line = ''): void => console.log(JSON.stringify({ event, line }));

const piece = defineJob<{ key: string }>('faults.piece', { concurrency: 20, leaseSeconds: 3 });

@Injectable()
class Pieces {
  constructor(private readonly db: Database) {}

  @HandlesJob(piece)
  async onPiece({ key }: { key: string }): Promise<void> {
    say('began', key);
    if (mode === 'hold') await new Promise(() => undefined);
    await this.db.run(sql`insert into public.done (key) values (${key})`);
  }
}

@Global()
@Module({ providers: [{ provide: Clock, useValue: new SystemClock() }], exports: [Clock] })
class ClockModule {}

@Module({})
class WorkerModule {
  static register(): DynamicModule {
    const jobs = JobsModule.register({ role: 'worker', redisUrl: redisUrl || undefined, autoStart: true });
    return { module: WorkerModule, imports: [ClockModule, DatabaseModule.register(databaseUrl, 14), jobs], providers: [Pieces] };
  }
}

async function hold(): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerModule.register(), { logger: ['error'] });
  say('up');
  process.stdin.resume().once('end', () => void app.close().then(() => say('stopped')));
}

hold().catch((error: Error) => {
  say('refused', error.message);
  process.exit(1);
});
