import type { Ticket } from './leases.js';

/** Where the relay hands its tickets. A runner may lose what it was handed: the lease runs out and the relay hands it again. */
export abstract class JobRunner {
  /** Begins to work. */
  abstract start(): void;
  /** How many more tickets it takes now. */
  abstract room(): Promise<number>;
  abstract hand(ticket: Ticket): Promise<void>;
  /** Whether what it hands its tickets on by is there. */
  abstract answers(): Promise<boolean>;
  /** Takes nothing new. Runs in progress go on. */
  abstract pause(): Promise<void>;
  /** Gives its connections back, without waiting for runs. */
  abstract close(): Promise<void>;
}

/** Rows one process works on at the same time: well below the database pool, which the pages share. */
export const RUNS_AT_ONCE = 8;
