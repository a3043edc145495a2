import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../../platform/http/is-day.js';
import { ABSENCE_KINDS, type AbsenceKindCode, type Part, PARTS } from './rota.types.js';

/** Forms send text, programs send numbers. */
const ToNumber = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value));

export class AbsenceForm {
  @IsDay()
  from!: string;

  @IsDay()
  to!: string;

  @IsIn(ABSENCE_KINDS)
  kind!: AbsenceKindCode;

  /** Half a day, on each day; without it the whole day. Morning ends at 13:00. */
  @IsOptional()
  @IsIn(PARTS)
  part?: Part;

  /** Percent of a day's calls it costs; without it what the kind usually costs. */
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  lossPercent?: number;

  /** Username of the one who takes over. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  deputy?: string | null;
}

/** One day of a person. */
export class RotaDayForm {
  @IsDay()
  day!: string;

  /** Percent of a day's calls; null: as week and calendar have it. */
  @ValidateIf((form: RotaDayForm) => form.share !== null)
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  share!: number | null;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  note?: string | null;
}

export class RotaDaysForm {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(92)
  @ArrayUnique((one: RotaDayForm | null) => one?.day, { message: 'day_twice' })
  @ValidateNested({ each: true })
  @Type(() => RotaDayForm)
  days!: RotaDayForm[];
}

export class RotaPatternForm {
  /** The first day on which the week holds. */
  @IsDay()
  from!: string;

  /** Percent of a day's calls, Monday first; null: official working days again. */
  @ValidateIf((form: RotaPatternForm) => form.shares !== null)
  @IsArray()
  @ArrayMinSize(7)
  @ArrayMaxSize(7)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(100, { each: true })
  shares!: number[] | null;
}

export class AbsenceKindForm {
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  lossPercent!: number;
}

export class RotaQuery {
  /** Today without it. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** At most 92 days; 31 without it. */
  @IsOptional()
  @IsDay()
  to?: string;

  /** Code of a unit; its people and those of the units below. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  team?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

/** The month a page shows and what it is narrowed to. */
export interface RotaAsked {
  month?: string | undefined;
  team?: string | undefined;
  cursor?: string | undefined;
  day?: string | undefined;
}

/** One day on the page of a person; no share: as week and calendar have it. */
export class RotaDayPageForm {
  @IsDay()
  day!: string;

  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  share?: number;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  note?: string;
}

const toShares = ({ value }: { value: unknown }): unknown => (Array.isArray(value) ? value.map(Number) : value);

/** The week on the page of a person. */
export class WeekPageForm {
  @IsDay()
  from!: string;

  @IsIn(['official', 'own'])
  week!: 'official' | 'own';

  /** Monday first. */
  @ValidateIf((form: WeekPageForm) => form.week === 'own')
  @Transform(toShares)
  @IsArray()
  @ArrayMinSize(7)
  @ArrayMaxSize(7)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(100, { each: true })
  shares?: number[];
}

/** An absence from a page that names the person. */
export class AbsencePageForm extends AbsenceForm {
  @IsString()
  @MaxLength(60)
  person!: string;
}
