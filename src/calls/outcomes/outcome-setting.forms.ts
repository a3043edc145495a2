import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { type Outcome, REDIALS, type Redial, TONES } from '../outcomes.types.js';

const CODE = /^(?!new$)[a-z][a-z0-9_]*$/;
const MOST_DAYS = 3650;
const UpperCase = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toUpperCase() : value));

/** One that is to be made: with the flags that the figures count by. */
export class OutcomeForm implements Omit<Outcome, 'sort'> {
  @Matches(CODE, { message: 'outcome_code_malformed' }) @MaxLength(40) code!: string;
  @IsString() @Length(1, 12) labelZh!: string;
  @IsString() @Length(1, 24) labelEn!: string;
  /** The key of the desk. */
  @UpperCase() @Matches(/^[A-Z0-9]$/, { message: 'outcome_key_malformed' }) key!: string;
  @IsOptional() @IsBoolean() connected: boolean = false;
  @IsOptional() @IsBoolean() effective: boolean = false;
  @IsOptional() @IsBoolean() visit: boolean = false;
  @IsOptional() @IsBoolean() converted: boolean = false;
  @IsOptional() @IsBoolean() closesTask: boolean = false;
  @IsIn(REDIALS) redial!: Redial;
  /** 0: none; null: as the contact rules say. */
  @ValidateIf((_, value) => value !== null) @Type(() => Number) @IsInt() @Min(0) @Max(MOST_DAYS) coolingOffDays: number | null = 0;
  @IsOptional() @IsBoolean() opensTicket: boolean = false;
  @IsOptional() @IsBoolean() blocksCalls: boolean = false;
  @IsOptional() @IsBoolean() needsReason: boolean = false;
  @IsOptional() @IsIn(['suspended', 'invalid']) lineHealth: 'suspended' | 'invalid' | null = null;
  @IsOptional() @IsIn(TONES) tone: Outcome['tone'] = 'grey';
}

/** What may be changed afterwards; what is left out stays. */
export class OutcomeChangeForm {
  /** Tells what the reader saw, so that nobody overwrites what they have not seen. */
  @Type(() => Number) @IsInt() version!: number;
  @IsOptional() @IsString() @Length(1, 12) labelZh?: string;
  @IsOptional() @IsString() @Length(1, 24) labelEn?: string;
  @IsOptional() @UpperCase() @Matches(/^[A-Z0-9]$/, { message: 'outcome_key_malformed' }) key?: string;
  @IsOptional() @IsIn(REDIALS) redial?: Redial;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(MOST_DAYS) coolingOffDays?: number | null;
  @IsOptional() @IsBoolean() opensTicket?: boolean;
  @IsOptional() @IsBoolean() needsReason?: boolean;
  @IsOptional() @IsIn(TONES) tone?: Outcome['tone'];
}

export class MoveForm {
  @IsIn(['up', 'down']) direction!: 'up' | 'down';
}

export class ReasonForm {
  @Matches(CODE, { message: 'outcome_code_malformed' }) @MaxLength(40) code!: string;
  @IsString() @Length(1, 12) labelZh!: string;
  @IsString() @Length(1, 24) labelEn!: string;
}

export class ReasonChangeForm {
  @Type(() => Number) @IsInt() version!: number;
  @IsOptional() @IsString() @Length(1, 12) labelZh?: string;
  @IsOptional() @IsString() @Length(1, 24) labelEn?: string;
}
