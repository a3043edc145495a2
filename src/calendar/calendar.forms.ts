import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

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
  @Matches(DAY, { message: 'day_malformed' })
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
  @ValidateNested({ each: true })
  @Type(() => CalendarDayForm)
  days!: CalendarDayForm[];

  /** True once the yearly notice is entered. */
  @IsOptional()
  @IsBoolean()
  published?: boolean;

  @Allow() year?: unknown;
}

/** One day of the page's form. */
export class DayPageForm {
  @Matches(DAY, { message: 'day_malformed' })
  day!: string;

  @IsIn(['true', 'false'])
  working!: string;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  name?: string;
}

export const ABSENCE_KINDS = ['leave', 'training', 'on-site', 'visit'] as const;

export class AbsenceForm {
  @Matches(DAY, { message: 'day_malformed' })
  from!: string;

  @Matches(DAY, { message: 'day_malformed' })
  to!: string;

  @IsIn(ABSENCE_KINDS)
  kind!: (typeof ABSENCE_KINDS)[number];

  /** Username of the one who takes over. */
  @IsOptional()
  @IsString()
  deputy?: string | null;
}
