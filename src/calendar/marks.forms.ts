import { IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { IsDay } from '../platform/http/is-day.js';
import { MARK_KINDS, type MarkKind } from './calendar.types.js';

/** A day, or a run of days, worth a word in a call or a message. */
export class MarkForm {
  @IsIn(MARK_KINDS)
  kind!: MarkKind;

  @IsDay()
  from!: string;

  /** The last day; without one it is `from`. */
  @IsOptional()
  @IsDay()
  to?: string;

  @IsString()
  @Length(1, 60)
  name!: string;

  /** A province, city or district as the customers have it; without one it holds everywhere in the unit. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  region?: string | null;
}

export class MarksQuery {
  @IsOptional()
  @IsDay()
  from?: string;

  @IsOptional()
  @IsDay()
  to?: string;
}
