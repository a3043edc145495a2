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

const DAY = /^(\d{4}-\d{2}-\d{2})?$/;

/** Which contacts of a forecast are looked at. */
export class ContactsForm {
  /** The forecast they belong to; the one of today without it. */
  @IsOptional() @Matches(/^\d{0,18}$/, { message: 'forecast_malformed' }) forecast?: string;
  @IsOptional() @Matches(DAY, { message: 'day_malformed' }) day?: string;
  @IsOptional() @Matches(DAY, { message: 'day_malformed' }) from?: string;
  @IsOptional() @Matches(DAY, { message: 'day_malformed' }) until?: string;
  /** Username of a manager. */
  @IsOptional() @IsString() @MaxLength(64) owner?: string;
  @IsOptional() @IsString() @MaxLength(64) team?: string;
  /** A rule, or another standing campaign. */
  @IsOptional() @IsString() @MaxLength(64) rule?: string;
  @IsOptional() @IsIn(['call', 'sms', '']) channel?: string;
  /** Calls of their own, or what is told along in another one: a figure counts one of the two. */
  @IsOptional() @IsIn(['own', 'along', '']) how?: string;
}

/** Days ahead in which a deadline may lie. */
export const MISS_SPANS = [7, 31, 90] as const;

/** Which of the promises that will be missed. */
export class MissesForm {
  @IsOptional() @Type(() => Number) @IsIn([...MISS_SPANS]) within?: number;
  @IsOptional() @IsString() @MaxLength(64) rule?: string;
  @IsOptional() @IsString() @MaxLength(64) reason?: string;
  /** Username, `-` for nobody. */
  @IsOptional() @IsString() @MaxLength(64) owner?: string;
  @IsOptional() @Matches(/^[0-7]?$/) star?: string;
}
