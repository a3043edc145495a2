import { Transform, Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { WAVE_RESULTS, type WaveResult } from './wave.types.js';

const asList = ({ value }: { value: unknown }): unknown => (value === undefined || Array.isArray(value) ? value : [value]);

/** POST /campaigns/:code/waves: whom of the earlier waves the new one takes. */
export class WaveForm {
  @Transform(asList) @IsArray() @ArrayNotEmpty({ message: 'wave_takes_nobody' }) @IsIn(WAVE_RESULTS, { each: true }) take: WaveResult[] = [];

  /** Dials of one customer in all waves together. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(60) mostTogether = 6;
}
