import type { Day } from '../../kernel/day.js';
import type { RuleCode } from '../care.types.js';

export type PlanRunState = 'queued' | 'running' | 'done' | 'failed';

/** Why a run could not plan the messages of a rule: nothing to send them by, no such template, none of its wordings approved. */
export type UnsentReason = 'gateway_none' | 'template_missing' | 'template_not_approved';

/** What a run could not plan of one rule. Its calls are planned all the same, and the next run asks for the messages again. */
export interface Unsent {
  reason: UnsentReason;
  /** Code of the template asked for. */
  template: string;
  count: number;
}

export interface PlanRun {
  id: string;
  day: Day;
  rules: RuleCode[];
  state: PlanRunState;
  planned: Record<string, number>;
  messages: Record<string, number>;
  unsent: Record<string, Unsent>;
  skipped: Record<string, number>;
  error: string | null;
  startedBy: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}
