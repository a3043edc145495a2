import type { Day } from '../kernel/day.js';
import type { DueState, Moment } from './care.types.js';
import type { PromotionSettings } from './rules/star-promotion.rule.js';
import { workingDayAfter, workingDayBefore, workingDaysTo } from './rules/working-days.policy.js';

/** What is known of one promotion. */
export interface PromotionFacts {
  promotedOn: Day;
  deadlineOn: Day;
  /** The day a manager had the customer, null while nobody has. */
  boundOn: Day | null;
  /** Notices sent so far, and how the last one ended. */
  sent: number;
  noticeOn: Day | null;
  noticeState: DueState | null;
  visitOn: Day | null;
  visitState: DueState | null;
  visitClosedOn: Day | null;
  attempts: number;
  /** What the visit lacks that found no room; null while it has some. */
  lack: 'no_capacity' | 'away' | 'no_manager' | null;
}

export const STEP_STATES = ['late', 'missing', 'running', 'waiting', 'done', 'done_late', 'passed'] as const;
export type StepState = (typeof STEP_STATES)[number];

export interface Step {
  name: 'bound' | 'notice' | 'visit';
  state: StepState;
  /** The last day that keeps it. */
  by: Day;
  /** Working days left after today, negative when past; null when it is over. */
  left: number | null;
  /** The day it was done or stands planned on. */
  on: Day | null;
  /** Why it is late or will be missed: the end of `care.clock.why.<why>`. */
  why: string | null;
}

const TRIED_IN_VAIN = 2;

/** Bound, told, visited: each with its last day and how it stands (CAR-2). Pure; the calendar comes with the moment. */
export function clockOf(facts: PromotionFacts, settings: PromotionSettings, { day, isWorking }: Pick<Moment, 'day' | 'isWorking'>): Step[] {
  const left = (by: Day): number => workingDaysTo(day, by, isWorking);
  const done = (on: Day, by: Day): Pick<Step, 'state' | 'on' | 'left' | 'why'> => ({
    state: on <= by ? 'done' : 'done_late',
    on,
    left: null,
    why: null,
  });
  const open = (by: Day, risk: string | null, late: string): Pick<Step, 'state' | 'left' | 'why'> =>
    by < day ? { state: 'late', left: left(by), why: late } : { state: risk === null ? 'running' : 'missing', left: left(by), why: risk };
  const bindBy = workingDayAfter(facts.promotedOn, settings.bindDays, isWorking);
  const noticeBy = workingDayBefore(facts.deadlineOn, settings.noticeDays, isWorking);
  const bound = { name: 'bound' as const, by: bindBy, on: null, ...(facts.boundOn ? done(facts.boundOn, bindBy) : open(bindBy, null, 'unbound')) };
  return [bound, noticeStep(), visitStep()];

  function noticeStep(): Step {
    const base = { name: 'notice' as const, by: noticeBy, on: facts.noticeOn };
    if (facts.noticeState === 'done' && facts.noticeOn) return { ...base, ...done(facts.noticeOn, noticeBy) };
    const givenUp = facts.visitState !== null || (facts.sent > settings.retries && facts.noticeState !== 'open');
    if (givenUp) return { ...base, state: 'passed', left: null, why: facts.sent > 0 ? 'undelivered' : 'not_sent' };
    if (!facts.boundOn) return { ...base, state: noticeBy < day ? 'late' : 'waiting', left: left(noticeBy), why: noticeBy < day ? 'unbound' : null };
    return { ...base, ...open(noticeBy, null, facts.noticeState === 'not_reached' ? 'undelivered' : 'not_sent') };
  }

  function visitStep(): Step {
    const by = facts.deadlineOn;
    const base = { name: 'visit' as const, by, on: facts.visitOn };
    if (facts.visitState === 'done' && facts.visitClosedOn) return { ...base, ...done(facts.visitClosedOn, by) };
    if (facts.visitState === 'not_reached') return { ...base, state: 'late', left: left(by), why: 'not_reached' };
    if (facts.visitState !== 'open') {
      const tooLate = noticeBy < day ? 'notice_late' : null;
      return { ...base, state: by < day ? 'late' : tooLate ? 'missing' : 'waiting', left: left(by), why: by < day ? 'not_planned' : tooLate };
    }
    const risk = facts.visitOn !== null && facts.visitOn > by ? 'planned_after' : (facts.lack ?? (facts.attempts >= TRIED_IN_VAIN ? 'tried' : null));
    return { ...base, ...open(by, risk, 'not_visited') };
  }
}

export const CLOCK_STATES = ['late', 'missing', 'running', 'done'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** How the whole stands: the worst of its steps. What was done late stays done. */
export function clockState(steps: readonly Step[]): ClockState {
  if (steps.some(({ state }) => state === 'late')) return 'late';
  if (steps.some(({ state }) => state === 'missing')) return 'missing';
  return steps.at(-1)?.left === null ? 'done' : 'running';
}
