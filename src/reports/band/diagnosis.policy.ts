import { weekday } from '../../kernel/day.js';
import type { BandAction, BandCause, Diagnosis, DialCount, Evidence } from './band.types.js';
import type { ComparedCell, Comparison } from './usual.policy.js';

type Part = Omit<BandCause, 'share'>;

const ACTIONS: Readonly<Record<string, BandAction>> = {
  technical: 'alert',
  calling_number: 'alert',
  slot_mix: 'redial',
  list_mix: 'pause',
  powered_off: 'redial',
  no_answer: 'redial',
  busy: 'redial',
  out_of_area: 'redial',
  assistant: 'redial',
  suspended: 'return_numbers',
  invalid_number: 'return_numbers',
  rejected: 'pause',
};
/** Ours to mend, and cheap to look at: named before anything else once they make up a third of the gap. */
const TECHNICAL: readonly string[] = ['technical', 'calling_number'];
const TECHNICAL_SHARE = 1 / 3;

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

/**
 * Splits the gap between the usual connect rate and the one here into causes that add up to it exactly (CAM-8).
 *
 * With v(k) and w(k) the share of cell k (slot × star) in the usual calls and in these, p(k) the usual connect rate of the cell and r the rate here:
 *
 *     Σ v·p − r  =  (Σ v·p − Σ w·p)  +  (Σ w·p − r)
 *                    mix                 rates
 *
 * The mix is standardised first. It is split into list and slot by replacing one distribution after the other, list then slot and slot then list,
 * and taking the mean of both orders, so that neither is favoured and nothing is left over. The rates are then compared at the mix of these calls:
 * as all ends of a call add up to one, what fails to connect is exactly the sum over the ends that do not connect of (share here − Σ w·p_end).
 *
 * Kitagawa, "Components of a Difference Between Two Rates", JASA 50 (1955); Das Gupta, "Standardization and Decomposition of Rates", US Bureau of
 * the Census P23-186 (1993), for the mean over the orders.
 *
 * @param calls at least one
 */
export function diagnose(calls: readonly DialCount[], comparison: Comparison): Diagnosis {
  const { cells, connecting, attempts, expected } = comparison;
  const rate = sum(calls, (row) => (row.connected ? row.count : 0)) / attempts;
  const gap = expected - rate;
  const parts = [...mixParts(cells), ...endParts(calls, cells, { connecting, attempts })].filter(({ excess }) => Math.abs(excess) > 1e-12);
  const causes = parts.map((part): BandCause => ({ ...part, share: gap === 0 ? 0 : part.excess / gap })).sort(technicalFirst);
  return { gap, expected, main: mainOf(causes, gap), causes };
}

const technicalFirst = (a: BandCause, b: BandCause): number =>
  Number(TECHNICAL.includes(b.cause) && b.excess > 0) - Number(TECHNICAL.includes(a.cause) && a.excess > 0) || b.excess - a.excess;

function mainOf(causes: readonly BandCause[], gap: number): string | null {
  if (gap <= 0) return null;
  const technical = causes.find(({ cause, share }) => TECHNICAL.includes(cause) && share >= TECHNICAL_SHARE);
  const largest = causes.reduce<BandCause | undefined>((most, one) => (most && most.excess >= one.excess ? most : one), undefined);
  return (technical ?? largest)?.cause ?? null;
}

type Axis = (cell: ComparedCell) => string;
const slot: Axis = (cell) => `${cell.weekday}|${cell.hour}`;
const star: Axis = (cell) => String(cell.star);

function mixParts(cells: readonly ComparedCell[]): Part[] {
  return [mixPart('slot_mix', cells, slot, star), mixPart('list_mix', cells, star, slot)];
}

/** The mean of replacing this axis first (the other as usual) and last (the other as here). */
function mixPart(cause: string, cells: readonly ComparedCell[], axis: Axis, other: Axis): Part {
  const [v, w] = [marginsOf(cells, axis, usual), marginsOf(cells, axis, here)];
  const [vOther, wOther] = [marginsOf(cells, other, usual), marginsOf(cells, other, here)];
  const excessOf = (cell: ComparedCell): number => {
    const [va, wa] = [v.get(axis(cell)) ?? 0, w.get(axis(cell)) ?? 0];
    const [vb, wb] = [vOther.get(other(cell)) ?? 0, wOther.get(other(cell)) ?? 0];
    // where the usual calls have nothing of a star or slot, the rest is spread as usual
    const usualWithin = va > 0 ? cell.usualShare / va : vb;
    const usualAcross = vb > 0 ? cell.usualShare / vb : va;
    const first = (va - wa) * usualWithin;
    const last = wb * usualAcross - cell.share;
    return ((first + last) / 2) * cell.connect;
  };
  return { cause, excess: sum(cells, excessOf), action: ACTIONS[cause] ?? 'watch', evidence: mixEvidence(cause, cells) };
}

const usual = (cell: ComparedCell): number => cell.usualShare;
const here = (cell: ComparedCell): number => cell.share;

function marginsOf(cells: readonly ComparedCell[], axis: Axis, of: (cell: ComparedCell) => number): Map<string, number> {
  const margins = new Map<string, number>();
  for (const cell of cells) margins.set(axis(cell), (margins.get(axis(cell)) ?? 0) + of(cell));
  return margins;
}

/** The hour, or the star, that is dialled more than usual and connects least for it. */
function mixEvidence(cause: string, cells: readonly ComparedCell[]): Evidence {
  const by = cause === 'slot_mix' ? 'hour' : 'star';
  const mean = sum(cells, (cell) => cell.usualShare * cell.connect);
  const values = [...new Set(cells.map((cell) => cell[by]))].map((value) => {
    const own = cells.filter((cell) => cell[by] === value);
    const [of, usually] = [sum(own, here), sum(own, usual)];
    const connect = of > 0 ? sum(own, (cell) => cell.share * cell.connect) / of : mean;
    return { value, here: of, usual: usually, weight: (of - usually) * (mean - connect) };
  });
  const worst = values.reduce((most, one) => (one.weight > most.weight ? one : most));
  return { here: worst.here, usual: worst.usual, [by]: worst.value };
}

/** One part an end that does not connect; the rejected ones of a marked number stand by themselves. */
function endParts(
  calls: readonly DialCount[],
  cells: readonly ComparedCell[],
  { connecting, attempts }: Pick<Comparison, 'connecting' | 'attempts'>,
): Part[] {
  const kinds = new Set([...cells.flatMap((cell) => [...cell.ends.keys()]), ...calls.map((row) => row.kind)]);
  const parts = [...kinds]
    .filter((kind) => !connecting.has(kind))
    .map((kind): Part => {
      const share = sum(calls, (row) => (row.kind === kind ? row.count : 0)) / attempts;
      const expected = sum(cells, (cell) => cell.share * (cell.ends.get(kind) ?? 0));
      return { cause: kind, excess: share - expected, action: ACTIONS[kind] ?? 'watch', evidence: { here: share, usual: expected } };
    });
  const marked = callingNumberPart(calls, cells, attempts);
  if (!marked) return parts;
  return [marked, ...parts.map((part) => (part.cause === 'rejected' ? { ...part, excess: part.excess - marked.excess } : part))];
}

interface NumberFigures {
  caller: string;
  attempts: number;
  rejected: number;
  /** Rejections the cells of its calls usually have. */
  expected: number;
  connected: number;
  cutOff: number;
  cutOffExpected: number;
}

function numbersOf(calls: readonly DialCount[], cells: readonly ComparedCell[]): NumberFigures[] {
  const byCell = new Map(cells.map((cell) => [`${slot(cell)}|${cell.star}`, cell]));
  const numbers = new Map<string, NumberFigures>();
  for (const row of calls) {
    const cell = byCell.get(`${weekday(row.day)}|${row.hour}|${row.star}`);
    const one = numbers.get(row.caller) ?? { caller: row.caller, attempts: 0, rejected: 0, expected: 0, connected: 0, cutOff: 0, cutOffExpected: 0 };
    one.attempts += row.count;
    one.rejected += row.kind === 'rejected' ? row.count : 0;
    one.expected += row.count * (cell?.ends.get('rejected') ?? 0);
    one.connected += row.connected ? row.count : 0;
    one.cutOff += row.kind === 'cut_off' ? row.count : 0;
    one.cutOffExpected += row.connected && cell ? (row.count * (cell.ends.get('cut_off') ?? 0)) / Math.max(cell.connect, 0.01) : 0;
    numbers.set(row.caller, one);
  }
  return [...numbers.values()];
}

const FEW_OTHERS = 50;
const SURE = 3;
/** Standard deviations by which a count lies over the expected one. */
const over = (count: number, expected: number): number => (count - expected) / Math.sqrt(Math.max(expected, 1));

/**
 * A number that phones have marked is rejected more than the calls of its cells usually are, and either other numbers are not, with the same list on the
 * same days, or those who do answer hang up within seconds as well. Rejections alone stay what they are.
 */
function isMarked(one: NumberFigures, all: readonly NumberFigures[]): boolean {
  if (one.caller === '' || over(one.rejected, one.expected) < SURE) return false;
  const others = all.filter((other) => other !== one);
  const [attempts, rejected, expected] = [sum(others, (o) => o.attempts), sum(others, (o) => o.rejected), sum(others, (o) => o.expected)];
  const othersWell = attempts >= FEW_OTHERS && over(one.rejected, (one.expected * (rejected + 1)) / (expected + 1)) >= SURE;
  return othersWell || over(one.cutOff, one.cutOffExpected) >= SURE;
}

function callingNumberPart(calls: readonly DialCount[], cells: readonly ComparedCell[], attempts: number): Part | null {
  const numbers = numbersOf(calls, cells);
  const marked = numbers.filter((one) => isMarked(one, numbers)).sort((a, b) => b.rejected - b.expected - (a.rejected - a.expected));
  const [worst] = marked;
  if (!worst) return null;
  const evidence = { here: worst.rejected / worst.attempts, usual: worst.expected / worst.attempts, caller: worst.caller };
  return { cause: 'calling_number', excess: sum(marked, (one) => one.rejected - one.expected) / attempts, action: 'alert', evidence };
}
