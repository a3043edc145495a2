import { IsBooleanString, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { type Day, isDay, lastDayOfMonth } from '../kernel/day.js';
import { InvalidInput } from '../kernel/errors.js';
import { COUNT_KEYS, type CountKey } from './catalogue.js';
import { type Cut, CUTS, type FunnelFilter } from './funnel.types.js';

const DAY = /^(\d{4}-\d{2}-\d{2})?$/;

/** Which page of the rows behind a figure, from 1. */
export const RowsPage = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(10_000),
  );

/** Days from and to, both included. Empty values mean not set, as a plain form sends them. */
export class PeriodForm {
  @ApiPropertyOptional({ description: 'first Shanghai day, YYYY-MM-DD' })
  @IsOptional()
  @Matches(DAY)
  from?: Day;

  @ApiPropertyOptional({ description: 'last Shanghai day, included' })
  @IsOptional()
  @Matches(DAY)
  to?: Day;
}

/** What a funnel is asked with, in page and API alike. */
export class FunnelForm extends PeriodForm {
  @ApiPropertyOptional({ enum: CUTS })
  @IsOptional()
  @IsIn(CUTS)
  by?: Cut;

  @ApiPropertyOptional({ description: '1: with the figures of the period before and the differences; needs from and to' })
  @IsOptional()
  @IsBooleanString()
  compare?: string;

  @ApiPropertyOptional({ description: '1: count people in the cuts too' })
  @IsOptional()
  @IsBooleanString()
  distinct?: string;
}

export class FunnelOfForm extends FunnelForm {
  @ApiPropertyOptional({ description: 'code of a campaign; without it: all of them' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  campaign?: string;
}

export class ReportForm extends FunnelOfForm {
  /** Every figure of the catalogue instead of the usual columns, in page and file. */
  @IsOptional()
  @IsIn(['all', ''])
  columns?: string;

  /** The figure whose rows are shown below the table. */
  @IsOptional()
  @IsIn(COUNT_KEYS)
  metric?: CountKey;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  key?: string;

  /** Of rows: those of all waves of the campaign. */
  @IsOptional()
  @IsIn(['1', ''])
  waves?: string;

  @RowsPage() page?: number;
}

export interface Period {
  from: Day;
  to: Day;
}

/**
 * A day that is none would be another day of the next month, and a period that ends before it begins would read as if nothing had happened.
 * @throws InvalidInput `day_malformed` at from or to, `period_backwards` at from
 */
export function checkDays(form: PeriodForm): void {
  const wrong = (['from', 'to'] as const).filter((param) => form[param] && !isDay(form[param]));
  if (wrong.length > 0) throw new InvalidInput(wrong.map((param) => ({ param, code: 'day_malformed' })));
  if (form.from && form.to && form.from > form.to) throw new InvalidInput([{ param: 'from', code: 'period_backwards' }]);
}

/** Without days: the month of today, whole, as its promises are. @throws InvalidInput as {@link checkDays} */
export function periodOf(form: PeriodForm, today: Day): Period {
  checkDays(form);
  const from = form.from || `${(form.to || today).slice(0, 7)}-01`;
  return { from, to: form.to || lastDayOfMonth(from) };
}

/** The bands of which campaigns, by number. */
export class BandsForm {
  @Matches(/^\d{1,18}(,\d{1,18}){0,99}$/)
  campaigns!: string;
}

/** A filter as it stands in the address of the report, its files and its rows. */
export const queryOf = (filter: FunnelFilter, by: Cut) => ({
  campaign: filter.campaign,
  by,
  from: filter.from,
  to: filter.to,
  columns: filter.columns,
  compare: filter.compare ? '1' : undefined,
  distinct: filter.distinct ? '1' : undefined,
});

/** @throws InvalidInput as {@link checkDays} */
export function filterOf(form: FunnelForm & { campaign?: string; columns?: string }): FunnelFilter {
  checkDays(form);
  return {
    campaign: form.campaign || undefined,
    from: form.from || undefined,
    to: form.to || undefined,
    columns: form.columns === 'all' ? 'all' : undefined,
    compare: form.compare === '1' || form.compare === 'true',
    distinct: form.distinct === '1' || form.distinct === 'true',
  };
}
