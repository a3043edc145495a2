import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';

export class SegmentForm {
  /** Stands in addresses and files: letters, digits, dot, dash, underscore. */
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, { message: 'segment_code_malformed' })
  @MaxLength(64)
  code!: string;

  @IsString()
  @Length(1, 100)
  name!: string;
}

export class SegmentListForm {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}
