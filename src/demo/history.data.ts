import { addDays, atTime, type Day, dayOf } from '../kernel/day.js';
import { uuidAt } from '../kernel/ids.js';
import type { Dice } from './dice.js';

export interface DemoCall {
  id: string;
  campaign: string;
  customerId: number;
  lineId: number;
  managerId: string;
  ordinal: number;
  startedAt: string;
  outcome: string;
  reason: string | null;
  talkSeconds: number;
  topics: string[];
  source: string;
  order: { id: number; no: string | null; state: 'open' | 'succeeded' | 'failed'; completedOn: Day | null } | null;
}

export interface DemoTarget {
  campaign: string;
  customerId: number;
  lineId: number;
  managerId: string;
  star: number;
  source: string;
  /** Working day of the first dial. */
  day: Day;
  topics: string[];
}

/** How a campaign's calls go: what changes the connect rate, and what comes of a talk. */
export interface CallStyle {
  selling: boolean;
  connectFactor: (day: Day) => number;
  /** Extra weight of outcomes that do not connect. */
  misses?: (day: Day) => Partial<Record<Miss, number>>;
}

type Miss = keyof typeof MISSES;

const HOURS = { 9: 13, 10: 15, 11: 12, 14: 13, 15: 14, 16: 13, 17: 9, 18: 6, 19: 5 };
const CONNECT: Record<string, number> = { 9: 0.37, 10: 0.42, 11: 0.39, 14: 0.28, 15: 0.31, 16: 0.35, 17: 0.39, 18: 0.5, 19: 0.51 };
const MISSES = { no_answer: 56, busy: 12, powered_off: 13, rejected: 12, out_of_area: 4, suspended: 2, invalid_number: 1 };
const SELLING = {
  converted: 13,
  interested: 12,
  refused: 35,
  reached: 17,
  callback: 6,
  already_has: 5,
  wrong_person: 3,
  cut_off: 5,
  assistant: 4,
  complaint: 0.4,
  do_not_call: 0.6,
};
const CARING = { reached: 74, interested: 5, refused: 3, callback: 5, wrong_person: 4, cut_off: 4, assistant: 4, complaint: 0.5, do_not_call: 0.2 };
const REASONS: Record<string, readonly string[]> = {
  refused: ['tariff', 'no_need', 'contract', 'competitor', 'signal'],
  interested: ['tariff', 'contract'],
  already_has: ['no_need'],
};
const MOST_DIALS = 3;
const ENDS = new Set(['invalid_number', 'suspended']);
/** Answered, but not by the holder: dialled again like a miss. */
const NOT_THE_HOLDER = new Set(['cut_off', 'assistant', 'wrong_person']);
const dialledAgain = (outcome: string): boolean => NOT_THE_HOLDER.has(outcome) || (outcome in MISSES && !ENDS.has(outcome));

const managerFactor = (managerId: string): number => 0.9 + ((Number(managerId) * 37) % 23) / 100;

function talkSeconds(dice: Dice, outcome: string): number {
  if (outcome === 'cut_off') return dice.between(1, 5);
  if (outcome === 'assistant') return dice.between(4, 25);
  if (outcome === 'wrong_person' || outcome === 'do_not_call') return dice.between(8, 40);
  if (outcome === 'converted') return dice.between(120, 420);
  if (outcome === 'refused') return dice.chance(0.18) ? dice.between(6, 17) : dice.between(18, 120);
  return dice.chance(0.08) ? dice.between(9, 17) : dice.between(25, 240);
}

/** The calls of one task, from the first dial on, until it is done, given up, or today begins. */
export class TaskHistory {
  private orders = 0;

  constructor(
    private readonly dice: Dice,
    /** The last moment that has happened. */
    private readonly now: Date,
    private readonly workingDays: readonly Day[],
  ) {}

  calls(target: DemoTarget, style: CallStyle): DemoCall[] {
    const calls: DemoCall[] = [];
    let day: Day | undefined = target.day;
    for (let ordinal = 1; day && ordinal <= MOST_DIALS; ordinal++) {
      const call = this.dial(target, style, day, ordinal);
      if (new Date(call.startedAt) >= this.now) break;
      calls.push(call);
      if (call.outcome === 'callback') day = this.later(day, 1);
      else if (dialledAgain(call.outcome)) day = this.later(day, this.dice.between(1, 3));
      else break;
    }
    return calls;
  }

  /** One call on `day` in which the customer asked to be called back. */
  promised(target: DemoTarget, style: CallStyle): DemoCall[] {
    const call = this.dial(target, style, target.day, 1);
    return [{ ...call, outcome: 'callback', reason: null, topics: [], order: null, talkSeconds: this.dice.between(12, 45) }];
  }

  private later(day: Day, workingDays: number): Day | undefined {
    const at = this.workingDays.indexOf(day);
    return at < 0 ? undefined : this.workingDays[at + workingDays];
  }

  private dial(target: DemoTarget, style: CallStyle, day: Day, ordinal: number): DemoCall {
    const hour = this.dice.weighted(HOURS);
    const minute = `${String(this.dice.between(0, 59)).padStart(2, '0')}`;
    const startedAt = new Date(atTime(day, `${hour.padStart(2, '0')}:${minute}`).getTime() + this.dice.between(0, 59) * 1000);
    const connects =
      (CONNECT[hour] ?? 0.3) * style.connectFactor(day) * managerFactor(target.managerId) * (1 + target.star * 0.02) * (ordinal > 1 ? 0.92 : 1);
    const outcome = this.dice.chance(Math.min(0.9, connects)) ? this.talk(style, ordinal) : this.dice.weighted({ ...MISSES, ...style.misses?.(day) });
    const talked = !(outcome in MISSES);
    return {
      id: uuidAt(startedAt),
      campaign: target.campaign,
      customerId: target.customerId,
      lineId: target.lineId,
      managerId: target.managerId,
      ordinal,
      startedAt: startedAt.toISOString(),
      outcome,
      reason: REASONS[outcome] ? this.dice.pick(REASONS[outcome]) : null,
      talkSeconds: talked ? talkSeconds(this.dice, outcome) : 0,
      topics: talked && ['reached', 'interested', 'converted', 'refused'].includes(outcome) ? target.topics : [],
      source: target.source,
      order: outcome === 'converted' ? this.order(startedAt) : null,
    };
  }

  private talk(style: CallStyle, ordinal: number): string {
    const outcome = this.dice.weighted(style.selling ? SELLING : CARING);
    return outcome === 'callback' && ordinal > 1 ? 'reached' : outcome;
  }

  /** Young orders are still open; older ones came to an end, mostly a good one. */
  private order(at: Date): DemoCall['order'] {
    const id = ++this.orders;
    const days = (this.now.getTime() - at.getTime()) / 86_400_000;
    const state = days < 3 || this.dice.chance(0.04) ? 'open' : this.dice.chance(0.88) ? 'succeeded' : 'failed';
    return { id, no: `SO${String(260_000 + id)}`, state, completedOn: state === 'open' ? null : addDays(dayOf(at), 2) };
  }
}
