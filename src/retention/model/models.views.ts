import type { Words } from '../../exports/exports.types.js';
import type { ColumnWeights, Model, ModelCard, Reason } from './model.types.js';
import type { ModelRow } from './models.queries.js';

export interface WeightItem {
  column: string;
  /** A level, `≥ 12.5` for a step of a number, `rare`, `missing`, or `slope` (per spread of the column). */
  level: string;
  /** Log-odds; above 0 towards leaving. */
  weight: number;
}

type ModelItem = Omit<ModelRow, 'id' | 'orgUnitId' | 'orgPath' | 'card'> & ModelCard;

export const toItem = ({ id: _id, orgUnitId: _unit, orgPath: _path, card, ...row }: ModelRow): ModelItem => ({ ...row, ...card });

export const withWeights = ({ model, ...row }: ModelRow & { model: Model }): ModelItem & { intercept: number; weights: WeightItem[] } => ({
  ...toItem(row),
  intercept: model.intercept,
  weights: weightsOf(model),
});

export const weightsOf = ({ columns }: Model): WeightItem[] => columns.flatMap(weightsOfColumn);

function weightsOfColumn(column: ColumnWeights): WeightItem[] {
  const item = (level: string, weight: number): WeightItem => ({ column: column.name, level, weight });
  if (column.kind === 'category') {
    return [
      ...Object.entries(column.levels).map(([level, weight]) => item(level, weight)),
      item('rare', column.rare),
      item('missing', column.missing),
    ];
  }
  const steps = column.steps.map((weight, i) => item(i === 0 ? `< ${column.edges[0]}` : `≥ ${column.edges[i - 1]}`, weight));
  return [item('slope', column.slope), ...steps, item('missing', column.missing)];
}

/** `推高：Contract 为 Month-to-month；压低：OnlineSecurity 为 Yes` */
export const reasonsText = (reasons: readonly Reason[], { t }: Words): string =>
  reasons
    .map(({ column, value, weight }) => {
      const way = weight > 0 ? 'up' : 'down';
      return value === '' ? t(`retention.reason.${way}_missing`, { column }) : t(`retention.reason.${way}`, { column, value });
    })
    .join(t('retention.reason.between'));

/** What a score rests on: as the model that made it says it in the reader's language, else as the list told it. */
export const whyText = (why: readonly Reason[] | null, text: string | null, words: Words): string => (why ? reasonsText(why, words) : (text ?? ''));
