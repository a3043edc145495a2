import { defineEvent } from '../platform/jobs/define-event.js';

/** A list of signs of leaving was read: each is looked at, and customers who have none get a case. */
export const SignsListed = defineEvent<Record<string, never>>('retention.signs-listed');

/** Scores were told by a list or by a model: open cases rank by the new ones. */
export const ScoresTold = defineEvent<Record<string, never>>('retention.scores-told');

/** Other thresholds of health are in force: everybody is judged by them. */
export const HealthRulesChanged = defineEvent<Record<string, never>>('retention.health-rules-changed');
