import { Injectable, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { defineEvent } from '../../../src/platform/jobs/define-event.js';
import { defineJob } from '../../../src/platform/jobs/define-job.js';
import { DailyAt, HandlesJob, OnEvent } from '../../../src/platform/jobs/job-handler.js';
import { JobRegistry } from '../../../src/platform/jobs/job-registry.js';

const orphan = defineJob<{ id: string }>('wiring.orphan');
const Announced = defineEvent<{ id: string }>('wiring.announced');

@Injectable()
class Handler {
  @HandlesJob(orphan)
  async onOrphan(): Promise<void> {
    // nothing to do: only the wiring is looked at
  }
}

@Injectable()
class SecondHandler {
  @HandlesJob(orphan)
  async onOrphanToo(): Promise<void> {
    // as above
  }
}

@Injectable()
class Listeners {
  @OnEvent(Announced, 'wiring.listener')
  async one(): Promise<void> {
    // as above
  }

  @OnEvent(Announced, 'wiring.listener')
  async two(): Promise<void> {
    // as above
  }
}

@Module({ imports: [DiscoveryModule], providers: [JobRegistry] })
class RegistryModule {}

async function boot(...providers: (new () => object)[]): Promise<void> {
  const app = await Test.createTestingModule({ imports: [RegistryModule], providers }).compile();
  await app.init();
  await app.close();
}

describe('the boot checks the wiring of the jobs', () => {
  it('a declared job without a handler stops it and is named', async () => {
    await expect(boot()).rejects.toThrow('job wiring.orphan has no handler');
  });

  it('a job with two handlers stops it and is named', async () => {
    await expect(boot(Handler, SecondHandler)).rejects.toThrow('job wiring.orphan has two handlers');
  });

  it('two subscribers of one name stop it and are named', async () => {
    await expect(boot(Handler, Listeners)).rejects.toThrow('job wiring.listener has two handlers');
  });

  it('one handler a job is right', async () => {
    await expect(boot(Handler)).resolves.toBeUndefined();
  });

  it('the same name declared twice is refused where it is declared', () => {
    expect(() => defineJob('wiring.orphan')).toThrow('job wiring.orphan is declared twice');
  });

  it('a time of day that does not exist is refused where it is declared', () => {
    expect(() => DailyAt('24:00', 'wiring.never')).toThrow('24:00 is no time of day');
  });
});
