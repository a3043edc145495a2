import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../platform/http/is-day.js';

export class YearQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1990)
  @Max(2100)
  year?: number;
}

/** A day as GET gives it; only `working` and `name` are taken, the rest may come along. */
export class CalendarDayForm {
  @IsDay()
  day!: string;

  @IsBoolean()
  working!: boolean;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  name?: string | null;

  @Allow() kind?: unknown;
  @Allow() festival?: unknown;
  @Allow() solarTerm?: unknown;
  @Allow() closedFestival?: unknown;
  @Allow() lunarMonth?: unknown;
  @Allow() lunarDay?: unknown;
  @Allow() lunarLeap?: unknown;
  @Allow() lunarMonthDays?: unknown;
  @Allow() published?: unknown;
}

export class CalendarForm {
  @IsArray()
  @ArrayMaxSize(366)
  @ArrayUnique((one: CalendarDayForm | null) => one?.day, { message: 'day_twice' })
  @ValidateNested({ each: true })
  @Type(() => CalendarDayForm)
  days!: CalendarDayForm[];

  /** True once the yearly notice is entered. */
  @IsOptional()
  @IsBoolean()
  published?: boolean;

  @Allow() year?: unknown;
  @Allow() source?: unknown;
}

/** One day of the page's form. */
export class DayPageForm {
  @IsDay()
  day!: string;

  @IsIn(['true', 'false'])
  working!: string;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  name?: string;
}

export class NoticeYearForm {
  @Type(() => Number)
  @IsInt()
  @Min(1990)
  @Max(2100)
  year!: number;
}

/** The yearly notice as text: lines of day, off|work, name; JSON; or its own words. */
export class NoticePageForm extends NoticeYearForm {
  @IsString()
  @MaxLength(100_000)
  text!: string;
}

export class NoticeQuery extends NoticeYearForm {
  /** `true`: says what would change, writes nothing. */
  @IsOptional()
  @IsIn(['true', 'false'])
  preview?: 'true' | 'false';
}
