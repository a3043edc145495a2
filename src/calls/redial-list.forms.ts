import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** The first hour of the slot to dial again in: calls are made from 8 to 21 o'clock. */
export class RedialListForm {
  @Type(() => Number) @IsInt() @Min(8) @Max(20) from!: number;
}

export class RedialListAsk {
  @IsOptional() @Type(() => Number) @IsInt() @Min(8) @Max(20) from?: number;
}
