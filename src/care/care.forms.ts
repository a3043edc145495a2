import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, Matches, MaxLength, Min } from 'class-validator';
import { RULE_CODES } from './care.types.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What GET gave, changed. What is left out stays; `version` is the one that was read. */
export class RuleForm {
  @IsOptional() @IsIn(RULE_CODES) code?: string;

  @IsOptional() @IsBoolean() enabled?: boolean;

  @IsOptional() @IsInt() @Min(1) version?: number;

  /** The rule's own settings, complete or in part: a setting that is left out gets its default. */
  @IsOptional() @IsObject() settings?: Record<string, unknown>;
}

export class PlanRunForm {
  /** The day to plan for, 'YYYY-MM-DD'. */
  @Matches(DAY, { message: 'day_malformed' })
  date!: string;

  /** Codes of enabled rules; all enabled ones without it. */
  @IsOptional() @IsArray() @ArrayMaxSize(20) @IsString({ each: true }) rules?: string[];
}

export class ExplainForm {
  @IsString()
  @MaxLength(40)
  phone!: string;

  /** Today without it. */
  @IsOptional()
  @Matches(DAY, { message: 'day_malformed' })
  date?: string;
}
