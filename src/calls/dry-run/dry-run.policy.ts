import { draws } from '../../kernel/draws.js';
import { drawn } from './chance.policy.js';
import type { Cell, Hand, HourCount, Plan, Run, Totals } from './dry-run.types.js';
import { callsBy } from './hours.policy.js';

const WEEK = 7 * 24;

/** Customers of one manager who were dialled in the same hours: they cannot be told apart, so they are drawn together. */
interface Cohort {
  people: number;
  /** Cells they were dialled in, in order. */
  dials: number[];
  due: number;
}

const nothing = (): Totals => ({
  attempts: 0,
  connected: 0,
  talk18: 0,
  converted: 0,
  succeeded: 0,
  finished: 0,
  unreached: 0,
  left: 0,
  neverDialled: 0,
  held: 0,
});

/** When the limits of the gate have room for one more call: this cell, or the one in which enough calls have left the count. */
export function allowedFrom(dials: readonly number[], cell: number, { perDay, perWeek }: Pick<Plan, 'perDay' | 'perWeek'>): number {
  const midnight = cell - (cell % 24);
  const today = dials.filter((one) => one >= midnight).length;
  const counted = dials.filter((one) => one > cell - WEEK);
  const afterDay = today < perDay ? cell : midnight + 24;
  const leaves = counted[counted.length - perWeek];
  return counted.length < perWeek ? afterDay : Math.max(afterDay, leaves === undefined ? Infinity : leaves + WEEK);
}

/** The list of one manager, worked off by the clock. Redials that are due come first, as the desk brings who stands further up. */
class HandRun {
  private fresh: number;
  private backlog: number;
  private waiting: Cohort[] = [];
  private day = '';
  private today = 0;
  private made = 0;

  constructor(
    private readonly plan: Plan,
    private readonly hand: Hand,
    private readonly random: () => number,
    private readonly totals: Totals,
  ) {
    this.fresh = hand.people;
    this.backlog = hand.backlog;
  }

  get over(): boolean {
    return this.fresh === 0 && this.waiting.length === 0;
  }

  hour(cell: Cell, count: HourCount): void {
    if (cell.day !== this.day) this.begin(cell.day);
    let room = callsBy(cell, this.today) - this.made;
    if (room <= 0) return;
    const before = Math.min(room, this.backlog);
    this.backlog -= before;
    this.made += before;
    room -= before;
    for (const cohort of this.due(cell.index, room)) {
      room -= cohort.people;
      this.dial(cohort, cell, count);
    }
  }

  private begin(day: string): void {
    this.day = day;
    this.made = 0;
    this.today = this.hand.calls.get(day) ?? 0;
  }

  close(): void {
    this.totals.neverDialled += this.fresh;
    this.totals.left += this.fresh + this.waiting.reduce((sum, { people }) => sum + people, 0);
  }

  /** Takes out who is called in this hour, at most `room`. */
  private due(now: number, room: number): Cohort[] {
    const taken: Cohort[] = [];
    let left = room;
    for (const cohort of this.waiting) {
      if (left === 0) break;
      if (cohort.due > now || !this.allowed(cohort, now)) continue;
      const people = Math.min(left, cohort.people);
      taken.push({ people, dials: cohort.dials, due: now });
      cohort.people -= people;
      left -= people;
    }
    if (taken.length > 0) this.waiting = this.waiting.filter(({ people }) => people > 0);
    const first = now >= this.plan.from && this.plan.perDay > 0 && this.plan.perWeek > 0 ? Math.min(left, this.fresh) : 0;
    this.fresh -= first;
    if (first > 0) taken.push({ people: first, dials: [], due: now });
    return taken;
  }

  private allowed(cohort: Cohort, now: number): boolean {
    if (cohort.dials.length < Math.min(this.plan.perDay, this.plan.perWeek)) return true;
    const from = allowedFrom(cohort.dials, now, this.plan);
    if (from <= now) return true;
    cohort.due = from;
    this.totals.held += cohort.people;
    return false;
  }

  private dial({ people, dials }: Cohort, cell: Cell, count: HourCount): void {
    const { rates, maxAttempts } = this.plan;
    const connected = drawn(this.random, people, rates.connect[cell.hour] ?? 0);
    const closed = this.talk(connected);
    const dead = drawn(this.random, people - connected, rates.dead);
    // a promised callback is kept whatever the number of attempts
    const again = dials.length + 1 < maxAttempts ? people - closed - dead : connected - closed;
    this.totals.attempts += people;
    this.totals.connected += connected;
    this.totals.finished += closed;
    this.totals.unreached += people - closed - again;
    this.made += people;
    count.attempts += people;
    count.connected += connected;
    if (again > 0) this.wait({ people: again, dials: [...dials, cell.index], due: cell.again });
  }

  /** In the order in which they were first dialled: that of the list. */
  private wait(cohort: Cohort): void {
    let at = this.waiting.length;
    while (at > 0 && (this.waiting[at - 1]?.dials[0] ?? 0) > (cohort.dials[0] ?? 0)) at -= 1;
    this.waiting.splice(at, 0, cohort);
  }

  /** @returns how many customers the talks are the end for */
  private talk(connected: number): number {
    const { rates } = this.plan;
    const closed = drawn(this.random, connected, rates.closes);
    const converted = drawn(this.random, closed, rates.closes === 0 ? 0 : rates.converted / rates.closes);
    const long = rates.converted >= 1 ? 0 : (rates.talk18 - rates.converted) / (1 - rates.converted);
    this.totals.converted += converted;
    this.totals.talk18 += converted + drawn(this.random, connected - converted, long);
    this.totals.succeeded += drawn(this.random, converted, rates.succeeded);
    return closed;
  }
}

/**
 * A campaign worked off on paper, hour by hour (CAM-2): nobody is dialled and nothing is written. The same plan and seed give the same run.
 * Customers of a manager who were dialled in the same hours are one draw of many: without traits of their own that makes no difference.
 */
export function dryRun(plan: Plan, seed: number): Run {
  const random = draws(seed);
  const totals = nothing();
  const hands = plan.hands.map((hand) => new HandRun(plan, hand, random, totals));
  const hours: HourCount[] = [];
  for (const cell of plan.cells) {
    const count = { day: cell.day, hour: cell.hour, attempts: 0, connected: 0 };
    for (const hand of hands) if (!hand.over) hand.hour(cell, count);
    if (count.attempts > 0) hours.push(count);
    if (hands.every(({ over }) => over)) break;
  }
  hands.forEach((hand) => hand.close());
  return { totals, hours, finishOn: totals.left > 0 ? null : (hours.at(-1)?.day ?? plan.cells[0]?.day ?? null) };
}
