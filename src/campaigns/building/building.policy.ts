import type { BuildingFacts, BuildingView } from './building.types.js';

/** Up to so many customers a launch is answered when its audience stands: a second or two. */
export const AT_ONCE = 20_000;
/** Customers a second, where nothing is known of this installation yet: half of what `bench audience` measured on two cores. */
const USUAL_SPEED = 5_000;
/** A bar that waits for the last row stands here. */
const ALMOST = 95;
/** The list takes as long as the audience. */
const HALF = 50;

/**
 * How far a launch has come. Both steps are one statement each, which says nothing of how far it is: the bar follows the time that it takes by the
 * speed of the last ones (customers a second), and waits at the end of its step.
 */
export function progressOf(facts: BuildingFacts, now: Date, speed: number | null): BuildingView {
  const { failedAt, builtAt, startedAt, askedAt, customers } = facts;
  if (failedAt) return { stage: 'failed', percent: 0, left: null };
  const step = customers / (speed ?? USUAL_SPEED);
  const within = (from: Date): number => Math.min(1, (now.getTime() - from.getTime()) / 1000 / step);
  const left = (part: number): number => Math.max(1, Math.round(step * part));
  if (builtAt) {
    if (facts.listed) return { stage: 'done', percent: 100, left: null };
    const done = within(builtAt);
    return { stage: 'list', percent: Math.min(ALMOST, Math.round(HALF + done * HALF)), left: left(1 - done) };
  }
  if (!startedAt) return { stage: 'queued', percent: 0, left: left(2) };
  const done = within(startedAt > askedAt ? startedAt : askedAt);
  return { stage: 'audience', percent: Math.min(HALF - 1, Math.round(done * HALF)), left: left(2 - done) };
}
