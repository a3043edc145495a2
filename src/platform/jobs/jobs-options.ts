import type { Role } from '../config/config.js';

export interface JobsOptions {
  role: Role;
  /** Bull on this Redis runs the jobs; without it the process itself does. */
  redisUrl?: string | undefined;
  /** Set it apart when several installations share one Redis database. Default `starcare`. */
  redisPrefix?: string;
  /** The relay (and the schedules) begin at boot. Tests set false and drain by hand. */
  autoStart: boolean;
  /** Schedules look at the Clock by themselves. Default: as `autoStart`. */
  schedules?: boolean;
  /** The relay's poll in milliseconds, for what no notification woke. Default 1000. */
  pollMs?: number;
}

export const JOBS_OPTIONS = Symbol('JOBS_OPTIONS');
