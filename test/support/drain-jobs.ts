import type { INestApplicationContext } from '@nestjs/common';
import { JobExecution } from '../../src/platform/jobs/job-execution.js';
import { Leases } from '../../src/platform/jobs/leases.js';
import { ScheduleTicker } from '../../src/platform/jobs/schedule-ticker.js';

export interface DrainOptions {
  /** A test that wants its handlers to fail: their errors are given back instead of thrown. */
  allowFailures?: boolean;
}

export interface Drained {
  /** Names of the jobs that ran to their end, in order. */
  done: string[];
  failed: { job: string; error: unknown }[];
}

/**
 * Runs all that is due at the Clock's time, also what the jobs themselves leave behind, one after the other, until nothing is.
 * Retries wait for the Clock: a test moves it and drains again. The app must have been started with `autoStart: false`.
 */
export async function drainJobs(app: INestApplicationContext, options: DrainOptions = {}): Promise<Drained> {
  const leases = app.get(Leases, { strict: false });
  const execution = app.get(JobExecution, { strict: false });
  const drained: Drained = { done: [], failed: [] };
  for (let tickets = await leases.claim(1); tickets.length > 0; tickets = await leases.claim(1)) {
    for (const ticket of tickets) {
      const run = await execution.run(ticket);
      if (run.result === 'done') drained.done.push(ticket.job);
      if ('error' in run) drained.failed.push({ job: ticket.job, error: run.error });
    }
  }
  const [first] = drained.failed;
  if (first && !options.allowFailures) throw new Error(`job ${first.job} failed: ${String(first.error)}`, { cause: first.error });
  return drained;
}

/** Lets the schedules look at the Clock once, then runs what they left. */
export async function tickSchedules(app: INestApplicationContext, options: DrainOptions = {}): Promise<Drained> {
  await app.get(ScheduleTicker, { strict: false }).tick();
  return drainJobs(app, options);
}
