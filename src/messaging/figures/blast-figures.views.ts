import { VERDICT_CHIPS } from '../../campaigns/experiment/experiment.queries.js';
import { share } from '../../kernel/statistics.js';
import { COUNT_KEYS } from '../blasts/blast.states.js';
import type { Blast } from '../messaging.types.js';
import type { BlastOutcome, FigureLine } from './blast-figures.types.js';

const people = (key: string, value: number, rows: FigureLine['rows']): FigureLine => ({ key, value, rows, unit: 'people' });
const byState = (blast: Blast, state: (typeof COUNT_KEYS)[number]): FigureLine => people(state, blast.counts[state], { state });
const byFigure = (outcome: BlastOutcome, figure: 'handedOver' | 'optOuts' | 'complaints' | 'ordered' | 'heldOut' | 'heldOutOrdered'): FigureLine =>
  people(figure, outcome[figure], { figure });
const seconds = (key: 'p50' | 'p90' | 'p99', outcome: BlastOutcome): FigureLine => {
  const value = outcome.latency?.[key] ?? null;
  return { key, value: value === null ? null : Math.round(value * 10) / 10, rows: { state: 'delivered' }, unit: 'seconds' };
};

/** Money leaves the house in yuan, as the price came in: the file and the API say the same. */
export const toldValue = ({ value, unit }: FigureLine): number | null => (unit === 'fen' && value !== null ? value / 100 : value);

/** Every figure of a blast in the order it is shown: page, API and file are made of these lines and nothing else (R47). */
export function figureLines(blast: Blast, outcome: BlastOutcome): FigureLine[] {
  return [
    people('audience', blast.audience, {}),
    byFigure(outcome, 'handedOver'),
    ...COUNT_KEYS.map((key) => byState(blast, key)),
    seconds('p50', outcome),
    seconds('p90', outcome),
    seconds('p99', outcome),
    { key: 'parts', value: outcome.parts, rows: { figure: 'billed' }, unit: 'parts' },
    { key: 'cost', value: outcome.costFen, rows: { figure: 'billed' }, unit: 'fen' },
    byFigure(outcome, 'optOuts'),
    byFigure(outcome, 'complaints'),
    byFigure(outcome, 'ordered'),
    byFigure(outcome, 'heldOut'),
    byFigure(outcome, 'heldOutOrdered'),
  ];
}

/** Shown on the tiles; the seven states stand above them already. */
const TILES = ['handedOver', 'p50', 'p90', 'p99', 'parts', 'cost', 'optOuts', 'complaints', 'ordered'];

export function outcomeView(blast: Blast, outcome: BlastOutcome, days: { orderDays: number; optOutDays: number; complaintDays: number }): object {
  const { uplift, treated, heldOut, ordered, heldOutOrdered } = outcome;
  return {
    tiles: figureLines(blast, outcome)
      .filter(({ key }) => TILES.includes(key))
      .map((line, place) => ({
        ...line,
        // three a row: what is said of the last opens to the left
        right: place % 3 === 2,
        query: new URLSearchParams(line.rows ?? {}).toString(),
        // whole orders and people have a share of what it can be put down to
        shareOf:
          line.key === 'ordered'
            ? share(ordered, treated)
            : ['optOuts', 'complaints'].includes(line.key)
              ? share(line.value ?? 0, blast.counts.delivered)
              : null,
        hint: line.key === 'cost' && line.value === null ? 'cost_none' : line.key,
        isRate: ['optOuts', 'complaints', 'ordered'].includes(line.key),
      })),
    days,
    uplift: uplift && {
      ...uplift,
      chip: VERDICT_CHIPS[uplift.verdict],
      low: uplift.interval[0],
      high: uplift.interval[1],
      treated,
      heldOut,
      ordered,
      heldOutOrdered,
      treatedShare: share(ordered, treated),
      heldOutShare: share(heldOutOrdered, heldOut),
    },
  };
}

/** As the API answers them. */
export function outcomeAnswer(blast: Blast, outcome: BlastOutcome): object {
  const figures = Object.fromEntries(figureLines(blast, outcome).map((line) => [line.key, toldValue(line)]));
  const { failedBy, treated, uplift } = outcome;
  return {
    code: blast.code,
    figures,
    refusedBy: blast.refusedBy,
    failedBy,
    treated,
    uplift: uplift && { difference: uplift.difference, interval: uplift.interval, verdict: uplift.verdict },
  };
}
