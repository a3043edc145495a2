import { dayOf } from '../../kernel/day.js';
import type { Blast } from '../messaging.types.js';
import type { BlastPlan } from './blast-plan.policy.js';

/** The plan as a sentence, and its days where they are several. null: nobody is left. */
export function planView(blast: Blast, plan: BlastPlan, now: Date): object | null {
  const [first, ...more] = plan.days;
  if (!first && plan.expiring === 0 && plan.beyond === 0) return null;
  return {
    first,
    more,
    days: plan.days,
    /** One day, and all of them. */
    fits: more.length === 0 && plan.finishAt !== null,
    today: first !== undefined && first.day === dayOf(now),
    finishAt: plan.finishAt,
    expiring: plan.expiring,
    expiringFor: plan.expiringFor,
    beyond: plan.beyond,
    notAfter: blast.notAfter,
    rate: blast.ratePerSecond,
    paused: blast.state === 'paused',
  };
}
