import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { type Outcome, REDIALS, type Redial, TONES } from './outcomes.types.js';

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
  @OrLeftOut() @IsBoolean() connected: boolean = false;
  @OrLeftOut() @IsBoolean() effective: boolean = false;
  @OrLeftOut() @IsBoolean() visit: boolean = false;
  @OrLeftOut() @IsBoolean() converted: boolean = false;
  @OrLeftOut() @IsBoolean() closesTask: boolean = false;
  @IsIn(REDIALS) redial!: Redial;
  /** 0: none; null: as the contact rules say. */
  @ValidateIf((_, value) => value !== null) @Type(() => Number) @IsInt() @Min(0) @Max(MOST_DAYS) coolingOffDays: number | null = 0;
  @OrLeftOut() @IsBoolean() opensTicket: boolean = false;
  @OrLeftOut() @IsBoolean() blocksCalls: boolean = false;
  @OrLeftOut() @IsBoolean() needsReason: boolean = false;
  @IsOptional() @IsIn(['suspended', 'invalid']) lineHealth: 'suspended' | 'invalid' | null = null;
  @OrLeftOut() @IsIn(TONES) tone: Outcome['tone'] = 'grey';
}

/** What may be changed afterwards; what is left out stays. */
export class OutcomeChangeForm {
  /** Tells what the reader saw, so that nobody overwrites what they have not seen. */
  @Type(() => Number) @IsInt() version!: number;
  @OrLeftOut() @IsString() @Length(1, 12) labelZh?: string;
  @OrLeftOut() @IsString() @Length(1, 24) labelEn?: string;
  @OrLeftOut() @UpperCase() @Matches(/^[A-Z0-9]$/, { message: 'outcome_key_malformed' }) key?: string;
  @OrLeftOut() @IsIn(REDIALS) redial?: Redial;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(MOST_DAYS) coolingOffDays?: number | null;
  @OrLeftOut() @IsBoolean() opensTicket?: boolean;
  @OrLeftOut() @IsBoolean() needsReason?: boolean;
  @OrLeftOut() @IsIn(TONES) tone?: Outcome['tone'];
}

export class MoveForm {
  @IsIn(['up', 'down']) direction!: 'up' | 'down';
}

export class SecondLevelReasonForm {
  @Matches(CODE, { message: 'outcome_code_malformed' }) @MaxLength(40) code!: string;
  @IsString() @Length(1, 12) labelZh!: string;
  @IsString() @Length(1, 24) labelEn!: string;
}

export class ReasonChangeForm {
  @Type(() => Number) @IsInt() version!: number;
  @OrLeftOut() @IsString() @Length(1, 12) labelZh?: string;
  @OrLeftOut() @IsString() @Length(1, 24) labelEn?: string;
}
