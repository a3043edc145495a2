import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { FORMATS, type Format } from './exports.types.js';

/** What a program asks for. */
export class ExportRequestForm {
  @Matches(/^[a-z][a-z-]{1,40}$/)
  what!: string;

  @IsOptional()
  @IsIn(FORMATS)
  format?: Format;

  @ApiPropertyOptional({ description: 'the fields of the page’s address, by name', type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  filter?: Record<string, unknown>;

  /** For the second person; needed above the limit. */
  @IsOptional()
  @IsString()
  @Length(2, 200, { message: 'export_reason_length' })
  reason?: string;
}

/** The page's form: the filter travels in one hidden box. */
export class ExportRequestPageForm {
  @Matches(/^[a-z][a-z-]{1,40}$/)
  what!: string;

  @IsOptional()
  @IsIn(FORMATS)
  format?: Format;

  @IsOptional()
  @IsString()
  @MaxLength(4000)
  filter?: string;

  @IsOptional()
  @IsString()
  @Length(2, 200, { message: 'export_reason_length' })
  reason?: string;
}

export class RefusalForm {
  @IsString({ message: 'export_refusal_missing' })
  @Length(2, 200, { message: 'export_refusal_missing' })
  reason!: string;
}

export class ExportSettingsForm {
  @Type(() => Number)
  @IsInt({ message: 'export_rows_range' })
  @Min(0, { message: 'export_rows_range' })
  @Max(1_000_000, { message: 'export_rows_range' })
  rowsAtOnce!: number;

  @Type(() => Number)
  @IsInt({ message: 'export_hours_range' })
  @Min(1, { message: 'export_hours_range' })
  @Max(168, { message: 'export_hours_range' })
  hoursKept!: number;
}

export class ExportListForm {
  @ApiPropertyOptional({ enum: ['mine', 'waiting'], description: 'waiting: for the word of whoever asks' })
  @IsOptional()
  @IsIn(['mine', 'waiting'])
  box?: 'mine' | 'waiting';

  @IsOptional()
  @IsString()
  @MaxLength(400)
  cursor?: string;
}
