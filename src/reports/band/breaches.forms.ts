import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { BAND_RATES, type BandRate } from './band.types.js';
import type { BreachFilter } from './breaches.queries.js';

export class BreachesForm {
  /** Code of a campaign. */
  @IsOptional() @IsString() @MaxLength(64) campaign?: string;

  /** `open`: only what is open. */
  @IsOptional() @IsIn(['', 'open']) state?: '' | 'open';

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

export class AlertPath {
  @IsString() @MaxLength(64) code!: string;
  @IsIn(BAND_RATES) rate!: BandRate;
}

export const breachFilter = (form: BreachesForm): BreachFilter => ({ campaign: form.campaign || undefined, open: form.state === 'open' });
