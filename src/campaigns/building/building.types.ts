import type { ErrorParams } from '../../kernel/errors.js';
import { defineJob } from '../../platform/jobs/define-job.js';

/** A launch that a job computes, as it stands. */
export interface BuildingFacts {
  campaignId: string;
  askedBy: string;
  askedByName: string | null;
  askedAt: Date;
  expected: number | null;
  customers: number;
  startedAt: Date | null;
  builtAt: Date | null;
  failedAt: Date | null;
  /** The code of the refusal, with what its sentence says. */
  reason: string | null;
  params: ErrorParams;
  /** Whether the call list stands, or nobody is to be called yet. */
  listed: boolean;
}

export interface BuildingView {
  stage: 'queued' | 'audience' | 'list' | 'done' | 'failed';
  /** 0–100. */
  percent: number;
  /** Seconds that both steps probably still take; null: nothing is under way. */
  left: number | null;
}

export interface BuildAudience {
  campaignId: string;
}

/** One at a time: each of them looks at more customers than a server does beside its other work. */
export const buildAudience = defineJob<BuildAudience>('campaigns.build-audience', { concurrency: 1, leaseSeconds: 60 });
