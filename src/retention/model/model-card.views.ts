import type { Say } from '../cases/cases.views.js';
import type { LeftOut, Model, ModelCard } from './model.types.js';
import { type WeightItem, weightsOf } from './models.views.js';
import type { ModelRow } from './models.queries.js';

/** Weights below move the odds by less than one part in twenty-five: nobody needs to read them. */
const WORTH_READING = 0.04;
const FIRST_SHOWN = 12;

const times = (value: number): string => value.toFixed(2);

/** A row of the list and the head of the card. */
export const modelLine = ({ card, ...row }: ModelRow) => ({
  ...row,
  href: hrefOf(row.code),
  rows: card.rows,
  positives: card.positives,
  auc: card.auc.toFixed(3),
  aucPercent: Math.round(card.auc * 100),
  topLift: times(card.lift[0] ?? 0),
});

export const hrefOf = (code: string): string => `/retention/models/${encodeURIComponent(code)}`;

/** The ten tenths by score, highest first: what was said, what happened, and how many times the average that is. */
export const tenthsOf = ({ calibration, lift }: ModelCard) =>
  calibration.map(({ predicted, observed, customers }, i) => ({
    tenth: i + 1,
    customers,
    predicted,
    observed,
    predictedPlain: (predicted * 100).toFixed(2),
    observedPlain: (observed * 100).toFixed(2),
    lift: times(lift[i] ?? 0),
  }));

/** Columns that stand outside, by why. */
export const leftOutBy = (leftOut: readonly LeftOut[]) =>
  (['label', 'asked', 'identifier', 'constant'] as const)
    .map((why) => ({ why, columns: leftOut.filter((one) => one.why === why).map(({ column }) => column) }))
    .filter(({ columns }) => columns.length > 0);

function inWords({ column, level, weight }: WeightItem, say: Say) {
  const kind = ['slope', 'missing', 'rare'].includes(level) ? level : /^[<≥] /.test(level) ? 'step' : 'is';
  return {
    what: say(`retention.weight.${kind}`, { column, level }),
    odds: say(weight > 0 ? 'retention.weight.up' : 'retention.weight.down', { times: times(Math.exp(weight)) }),
    tone: weight > 0 ? 'bad' : 'ok',
  };
}

/** What moves a score, the strongest first: some to begin with, then the rest. */
export function weightsInWords(model: Model, say: Say) {
  const sorted = weightsOf(model)
    .filter(({ weight }) => Math.abs(weight) >= WORTH_READING)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .map((item) => inWords(item, say));
  return { first: sorted.slice(0, FIRST_SHOWN), more: sorted.slice(FIRST_SHOWN) };
}
