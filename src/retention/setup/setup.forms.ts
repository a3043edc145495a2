import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsDay } from '../../platform/http/is-day.js';
import { OFFER_KINDS, type OfferKind } from './setup.types.js';

const CODE = /^(?!new$)[A-Za-z0-9][A-Za-z0-9_-]*$/;

class ItemForm {
  @Matches(CODE, { message: 'retention_code_malformed' }) @MaxLength(40) code!: string;
  @IsBoolean() enabled!: boolean;
  /** Tells what the reader saw, so that nobody overwrites what they have not seen; a new one has none. */
  @IsOptional() @IsString() @MaxLength(64) seen?: string;
}

/** A reason or a direction. */
export class SetupAnswerForm extends ItemForm {
  @IsString() @Length(1, 20) labelZh!: string;
  @IsString() @Length(1, 60) labelEn!: string;
  @IsInt() @Min(0) @Max(999) sort!: number;
  /** A list's text that holds one of them means this. */
  @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) @Length(1, 30, { each: true }) words!: string[];
}

/** A source of signs of leaving. */
export class SourceForm extends SetupAnswerForm {
  /** In per cent, where no score is known. */
  @IsInt() @Min(0) @Max(100) likelihood!: number;
  /** A share of those it finds is left alone, to see what retention brings. */
  @IsBoolean() draws!: boolean;
  /** Its filter searches every night. */
  @IsBoolean() nightly!: boolean;
}

class AimedForm extends ItemForm {
  @IsString() @Length(1, 60) name!: string;
  @IsInt() @Min(0) @Max(7) starFrom!: number;
  @IsInt() @Min(0) @Max(7) starTo!: number;
  /** Codes; an empty list stands for all of them. */
  @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) sources!: string[];
  @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) reasons!: string[];
}

export class StrategyForm extends AimedForm {
  @IsInt() @Min(0) @Max(999) sort!: number;
  @IsString() @Length(1, 500) goal!: string;
  /** Codes in the order they are offered; none: all that fit, the cheapest first. */
  @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) offers!: string[];
}

export class RetentionOfferForm extends AimedForm {
  @IsIn(OFFER_KINDS) kind!: OfferKind;
  /** What is said of it. */
  @IsOptional() @IsString() @MaxLength(500) text?: string;
  @IsOptional() @IsString() @MaxLength(60) catalogueCode?: string;
  @IsInt({ message: 'retention_amount' }) @Min(0) @Max(100_000_000) costFen!: number;
  @IsInt({ message: 'retention_amount' }) @Min(0) @Max(100_000_000) leastValueFen!: number;
  @IsInt() @Min(0) @Max(3650) restDays!: number;
  @IsBoolean() alwaysAsks!: boolean;
  @IsOptional() @IsDay() validUntil?: string;
}
