import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';

export class UploadForm {
  @IsString() @Length(1, 40) feed!: string;
  /** Code of the segment, for the feed `segment`. */
  @IsOptional() @IsString() @MaxLength(64) segment?: string;
  /** Name of a segment to make when there is none of that code. */
  @IsOptional() @IsString() @MaxLength(100) segmentName?: string;
}

export class ImportListForm {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}
