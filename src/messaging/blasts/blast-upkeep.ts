import { BlastCounts } from './blast-counts.commands.js';
import { BlastCountsQueries } from './blast-counts.queries.js';
import { BlastProgress } from './blast-progress.queries.js';
import { LeftOut } from '../check/left-out.commands.js';
import { DoubtsByHandApiController } from '../doubts/doubts-by-hand.api.controller.js';
import { DoubtsByHand } from '../doubts/doubts-by-hand.commands.js';
import { DoubtsByHandPagesController } from '../doubts/doubts-by-hand.pages.controller.js';
import { DoubtsByHandQueries } from '../doubts/doubts-by-hand.queries.js';
import { BlastHours } from '../plan/blast-hours.queries.js';
import { BlastPlanPagesController } from '../plan/blast-plan.pages.controller.js';
import { BlastPlanQueries } from '../plan/blast-plan.queries.js';
import { BlastTimes } from '../plan/blast-times.commands.js';
import { BlastTimesPagesController } from '../plan/blast-times.pages.controller.js';
import { RetryApiController } from '../retry/retry.api.controller.js';
import { RetryCommands } from '../retry/retry.commands.js';
import { RetryPagesController } from '../retry/retry.pages.controller.js';
import { RetryQueries } from '../retry/retry.queries.js';
import { StallNotices } from '../stalls/stall-notices.js';
import { StallCommands } from '../stalls/stall.commands.js';
import { StallJobs } from '../stalls/stall.jobs.js';
import { StallQueries } from '../stalls/stall.queries.js';

/** What looks after blasts under way: their counts, when they will be through, why one stands still, another round for who failed, doubts that a person settles. */
export const BLAST_UPKEEP = [
  BlastCounts,
  BlastCountsQueries,
  BlastProgress,
  BlastHours,
  LeftOut,
  BlastPlanQueries,
  BlastTimes,
  RetryQueries,
  RetryCommands,
  DoubtsByHand,
  DoubtsByHandQueries,
  StallQueries,
  StallNotices,
  StallCommands,
  StallJobs,
];

export const BLAST_UPKEEP_CONTROLLERS = [
  BlastPlanPagesController,
  BlastTimesPagesController,
  RetryPagesController,
  RetryApiController,
  DoubtsByHandPagesController,
  DoubtsByHandApiController,
];
