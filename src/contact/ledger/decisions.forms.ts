import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsInstant } from '../../platform/http/is-instant.js';
import { type Channel, CHANNELS, type Purpose, PURPOSES } from '../contact.types.js';

export class DecisionsQuery {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;

  /** For which campaign: its opt-outs and its product line count too. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  campaign?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;

  @IsOptional()
  @IsString()
  cursor?: string;
}

/** The page's form: everything but the number has a default. */
export class DecisionPageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  campaign?: string;

  /** 'YYYY-MM-DDTHH:MM' in Shanghai, as the browser's field gives it. */
  @IsOptional()
  @IsInstant()
  at?: string;
}

export class LedgerQuery {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsOptional()
  @IsString()
  cursor?: string;
}
