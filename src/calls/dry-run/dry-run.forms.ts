import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class DryRunForm {
  /** The first of the seeds; the same one gives the same answer while nothing changes. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1_000_000_000) seed = 1;
}
