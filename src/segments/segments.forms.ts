import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';

export class SegmentForm {
  /** Stands in addresses and files: letters, digits, dot, dash, underscore. */
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, { message: 'segment_code_malformed' })
  @MaxLength(64)
  code!: string;

  @IsString()
  @Length(1, 100)
  name!: string;

  /** With a filter the segment is whom the filter means; without one it is a list that a feed fills. */
  @IsOptional() @IsObject() filter?: Record<string, unknown>;
}

/** A filter: `{ and | or: […] }`, `{ not: … }`, `{ field, op, value }`, a pair `{ include, exclude }`, or the short form `{ starLevel: [5, 6] }`. */
export class FilterForm {
  @IsObject() filter!: Record<string, unknown>;
}

export class SegmentFilterForm extends FilterForm {
  @IsOptional() @IsString() @Length(1, 100) name?: string;

  /** The version it was read with; another one since then refuses. */
  @IsOptional() @Type(() => Number) @IsInt() version?: number;
}

export class SegmentListForm {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}
