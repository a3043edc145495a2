export interface JobOptions {
  /** Runs before the row becomes a dead letter; a run that was killed counts. 1–100, default 5. */
  attempts?: number;
  /** Wait before the second run, in seconds; doubles with each further run, one hour at most. Default 10. */
  backoffSeconds?: number;
  /** Rows of this job at work at the same time, over all processes together. Default 4. */
  concurrency?: number;
  /** How long a silent worker keeps a row, in seconds (a living one renews in time). At least 3, default 30. */
  leaseSeconds?: number;
}

/** A kind of work that follows a commit. `P` is JSON and carries ids, never names or numbers of people. */
export interface Job<P extends object> {
  readonly name: string;
  readonly attempts: number;
  readonly backoffSeconds: number;
  readonly concurrency: number;
  readonly leaseSeconds: number;
  /** Never set: binds the payload's type to the job. */
  readonly payload?: P;
}

const declared = new Map<string, Job<object>>();

/** Fills the defaults without declaring: for jobs that stem from a subscription or a schedule. */
export function makeJob<P extends object>(name: string, options: JobOptions = {}): Job<P> {
  return { attempts: 5, backoffSeconds: 10, concurrency: 4, leaseSeconds: 30, ...options, name };
}

/**
 * Declares a job. Exactly one method must carry `@HandlesJob` for it, else the boot fails.
 * @param name `<module>.<verb-thing>`, stable: it stands in stored rows.
 */
export function defineJob<P extends object>(name: string, options: JobOptions = {}): Job<P> {
  if (declared.has(name)) throw new Error(`job ${name} is declared twice`);
  const job = makeJob<P>(name, options);
  declared.set(name, job);
  return job;
}

export const declaredJobs = (): readonly Job<object>[] => [...declared.values()];
