import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsDay } from '../../platform/http/is-day.js';
import { CUTS, type Cut } from './figures.policy.js';

/** Which cases, by when they were opened and what they are; how they are cut, and after how many days success is told. */
export class AnalysisForm {
  @IsOptional() @IsDay() from?: string;
  @IsOptional() @IsDay() to?: string;
  @IsOptional() @IsIn(CUTS) by?: Cut;
  /** A second cut within the first. */
  @IsOptional() @IsIn(CUTS) then?: Cut;
  @IsOptional() @Type(() => Number) @IsIn([30, 60, 90]) days?: 30 | 60 | 90;
  @IsOptional() @IsString() @MaxLength(60) reason?: string;
  @IsOptional() @IsString() @MaxLength(60) direction?: string;
  @IsOptional() @IsString() @MaxLength(60) source?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(7) star?: number;
  @IsOptional() @IsString() @MaxLength(100) city?: string;
}
