import { Type } from 'class-transformer';
import { IsIn, IsInt, IsJSON, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { RULE_CODES, type RuleCode } from '../care.types.js';

/** At most so many days ahead; the calendar ends where no year is computed. */
export const FORECAST_DAYS = { usual: 90, most: 120 };

export class ForecastForm {
  /** The first day, today or later; today without it. */
  @IsOptional() @Matches(/^(\d{4}-\d{2}-\d{2})?$/, { message: 'day_malformed' }) from?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(FORECAST_DAYS.most) days?: number;

  /** The rule to be tried: as if it were on. */
  @IsOptional() @IsIn([...RULE_CODES, '']) rule?: RuleCode | '';

  /** Its settings as JSON, instead of those that are stored. */
  @IsOptional() @IsJSON() @MaxLength(4_000) settings?: string;

  /** Code of a unit of the user's own tree. */
  @IsOptional() @IsString() @MaxLength(64) team?: string;
}
