import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';

export class ModelForm {
  /** Letters, digits, dot, dash, underscore. A code that is there already gets its next version. */
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, { message: 'model_code_malformed' })
  @MaxLength(64)
  code!: string;

  /** The labelled segment. */
  @IsString() @Length(1, 64) segment!: string;

  /** The column of the segment that says who left. */
  @IsString() @Length(1, 200) label!: string;

  /** What stands there for somebody who left. */
  @IsString() @Length(1, 200) positive!: string;

  /** Columns the model must not use. */
  @IsOptional() @IsArray() @ArrayMaxSize(500) @IsString({ each: true }) exclude?: string[];
}

/** On the pages: its code or its name. */
export class ModelSegmentForm {
  @IsString() @Length(1, 100) segment!: string;
}

export class ModelScoresForm {
  @IsString() @Length(1, 64) segment!: string;
}

export class ModelVersionForm {
  @Type(() => Number) @IsInt() @Min(1) @Max(1_000_000) version!: number;
}

/** Where the training page begins: a segment, and the model whose next version it is to be. */
export class ModelStartForm {
  @IsOptional() @IsString() @MaxLength(100) segment?: string;
  @IsOptional() @IsString() @MaxLength(64) code?: string;
}

/** A version to look at; none: the one in use. */
export class ModelLookForm {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1_000_000) version?: number;
}
