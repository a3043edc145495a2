import { IsBooleanString, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { ApiPropertyOptional } from '@nestjs/swagger';
import type { Day } from '../kernel/day.js';
import { COUNT_KEYS, type CountKey } from './catalogue.js';
import { type Cut, CUTS, type FunnelFilter } from './funnel.types.js';

const DAY = /^(\d{4}-\d{2}-\d{2})?$/;

/** What a funnel is asked with, in page and API alike. Empty values mean not set, as a plain form sends them. */
export class FunnelForm {
  @ApiPropertyOptional({ enum: CUTS })
  @IsOptional()
  @IsIn(CUTS)
  by?: Cut;

  @ApiPropertyOptional({ description: 'first Shanghai day, YYYY-MM-DD' })
  @IsOptional()
  @Matches(DAY)
  from?: Day;

  @ApiPropertyOptional({ description: 'last Shanghai day, included' })
  @IsOptional()
  @Matches(DAY)
  to?: Day;

  @ApiPropertyOptional({ description: '1: count people in the cuts too' })
  @IsOptional()
  @IsBooleanString()
  distinct?: string;
}

export class ReportForm extends FunnelForm {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  campaign?: string;

  /** The figure whose rows are shown below the table. */
  @IsOptional()
  @IsIn(COUNT_KEYS)
  metric?: CountKey;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  key?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  page?: number;

  @IsOptional()
  @IsIn(['zh', 'en'])
  lang?: string;
}

export const filterOf = (form: FunnelForm & { campaign?: string }): FunnelFilter => ({
  campaign: form.campaign || undefined,
  from: form.from || undefined,
  to: form.to || undefined,
  distinct: form.distinct === '1' || form.distinct === 'true',
});
