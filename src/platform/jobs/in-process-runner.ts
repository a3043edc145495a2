import { Injectable } from '@nestjs/common';
import { JobExecution } from './job-execution.js';
import { JobRunner, RUNS_AT_ONCE } from './job-runner.js';
import type { Ticket } from './leases.js';

/** The default: the process that relays also runs. */
@Injectable()
export class InProcessRunner extends JobRunner {
  private open = false;

  constructor(private readonly execution: JobExecution) {
    super();
  }

  start(): void {
    this.open = true;
  }

  room(): Promise<number> {
    return Promise.resolve(this.open ? RUNS_AT_ONCE - this.execution.size : 0);
  }

  /** Does not wait for the run, which keeps its own book and never rejects. */
  hand(ticket: Ticket): Promise<void> {
    void this.execution.run(ticket);
    return Promise.resolve();
  }

  answers(): Promise<boolean> {
    return Promise.resolve(true);
  }

  pause(): Promise<void> {
    this.open = false;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
