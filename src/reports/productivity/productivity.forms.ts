import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { type Day, daysBetween } from '../../kernel/day.js';
import { InvalidInput } from '../../kernel/errors.js';
import { PeriodForm, periodOf, RowsPage } from '../funnel.forms.js';
import { WORK_CUTS, WORK_METRICS, type WorkCut, type WorkFilter, type WorkMetric } from './productivity.types.js';

/** Seconds and promises are counted from their rows: more days than a quarter has are asked for in parts. */
const DAYS_AT_MOST = 92;

export class ProductivityForm extends PeriodForm {
  @IsOptional() @IsIn(WORK_CUTS) by?: WorkCut;

  /** Code of a team. */
  @IsOptional() @IsString() @MaxLength(64) team?: string;
}

export class ProductivityReportForm extends ProductivityForm {
  /** The figure whose rows are shown below the table. */
  @IsOptional() @IsIn(WORK_METRICS) metric?: WorkMetric;

  /** Username or team code: whose figure. */
  @IsOptional() @IsString() @MaxLength(64) key?: string;

  @RowsPage() page?: number;
}

/** Without days: the month of today. @throws InvalidInput day_malformed, period_backwards, period_too_long */
export function workFilter(form: ProductivityForm, today: Day): WorkFilter {
  const { from, to } = periodOf(form, today);
  if (daysBetween(from, to) >= DAYS_AT_MOST) throw new InvalidInput([{ param: 'to', code: 'period_too_long', params: { days: DAYS_AT_MOST } }]);
  return { from, to, team: form.team || undefined };
}
