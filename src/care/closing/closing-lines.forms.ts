import { IsIn, IsInt, IsString, Length, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { CLOSING_KINDS, type ClosingKind } from './closing-lines.types.js';

/** One sentence says goodbye: an SMS part's worth of Chinese is already long. */
const LONGEST = 120;

/** How a line reads in both languages. */
export class ClosingTextForm {
  @IsString() @Length(1, LONGEST) zh!: string;

  @IsString() @Length(1, LONGEST) en!: string;

  /** The version that was read: a line somebody changed meanwhile is not overwritten unseen. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  version!: number;
}

export class NewClosingLineForm {
  @IsIn(CLOSING_KINDS) kind!: ClosingKind;

  /** `2026-12-24` for a day, the name of a festival or a solar term; empty for the others. */
  @IsString() @MaxLength(40) value: string = '';

  @IsString() @Length(1, LONGEST) zh!: string;

  @IsString() @Length(1, LONGEST) en!: string;
}
