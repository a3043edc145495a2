import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';

/** A box says `true`, and the hidden field before it `false`; a program sends a boolean. */
const ticked = ({ value }: { value: unknown }): unknown => {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return last === 'true' || last === 'on' ? true : last === 'false' ? false : last;
};

/** The first hour of the slot to dial again in: calls are made from 8 to 21 o'clock. */
export class RedialListForm {
  @Type(() => Number) @IsInt() @Min(8) @Max(20) from!: number;

  /** Each customer at the hour they are likely to answer in, as far as it is known; the others in that slot. */
  @IsOptional() @Transform(ticked) @IsBoolean() own?: boolean;
}

export class RedialListAsk {
  @IsOptional() @Type(() => Number) @IsInt() @Min(8) @Max(20) from?: number;

  @IsOptional() @Transform(ticked) @IsBoolean() own?: boolean;
}
