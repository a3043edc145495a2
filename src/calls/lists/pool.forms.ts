import { Transform } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';

const asList = ({ value }: { value: unknown }): unknown => (value === undefined || Array.isArray(value) ? value : [value]);

/** Who gets the tasks of a pool, in equal shares. */
export class PoolForm {
  @Transform(asList) @IsArray() @ArrayNotEmpty({ message: 'pool_nobody_chosen' }) @IsString({ each: true }) to: string[] = [];

  @IsOptional() @IsString() @MaxLength(200) why?: string;
}
