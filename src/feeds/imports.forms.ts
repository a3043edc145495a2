import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';

export class UploadForm {
  @IsString() @Length(1, 40) feed!: string;
  /** Code of the segment, for the feed `segment`. */
  @IsOptional() @IsString() @MaxLength(64) segment?: string;
  /** Name of a segment to make when there is none of that code. */
  @IsOptional() @IsString() @MaxLength(100) segmentName?: string;
}

export class UploadPageForm extends UploadForm {
  /** Look at the columns before anything is read. */
  @IsOptional() @IsIn(['always']) ask?: 'always';
}

export class MappingForm {
  /** For each header in the file's order: a column of the feed, '' to leave it out, '+' to keep it for the segment. */
  @Transform(({ value }: { value: unknown }): unknown[] => [value ?? ''].flat())
  @ArrayMaxSize(500)
  @IsString({ each: true })
  columns!: string[];
}

export class ImportListForm {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}
