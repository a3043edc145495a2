import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsInstant } from '../../platform/http/is-instant.js';

/** When and how quickly the rest of a blast goes out. What is left out stays as it is, null is taken away. */
export class BlastTimesForm {
  /** Only while nothing has been sent. */
  @IsOptional()
  @IsInstant()
  notBefore?: string | null;

  @IsOptional()
  @IsInstant()
  notAfter?: string | null;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  ratePerSecond?: number | null;
}
