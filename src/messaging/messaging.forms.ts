import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { dayStart, instantIn } from '../kernel/day.js';
import { OrLeftOut } from '../platform/http/or-left-out.js';
import { AsInstant, IsInstant } from '../platform/http/is-instant.js';
import { applyDecorators } from '@nestjs/common';
import { MESSAGE_PURPOSES, type MessagePurpose } from './messaging.types.js';

/** A page writes them in one box, with spaces or commas between. */
const listed = (value: unknown): unknown => (typeof value === 'string' ? value.split(/[\s,，、;；]+/).filter(Boolean) : value);

const ExpectedReplies = (): PropertyDecorator =>
  applyDecorators(
    OrLeftOut(),
    Transform(({ value }) => listed(value)),
    IsArray(),
    ArrayMaxSize(20),
    IsString({ each: true }),
    Length(1, 20, { each: true }),
  );

const CODE = /^[A-Za-z0-9][\w.-]*$/;

export class NewTemplateForm {
  @Matches(CODE)
  @MaxLength(60)
  code!: string;

  @IsString()
  @Length(1, 100)
  name!: string;

  @IsIn(MESSAGE_PURPOSES)
  purpose!: MessagePurpose;

  @IsString()
  @MaxLength(40)
  signature!: string;

  @IsString()
  @MaxLength(2000)
  body!: string;

  /** What the reader is asked to answer: `['Y', 'N']`. */
  @ExpectedReplies()
  expectedReplies?: string[];
}

export class TemplateWordingForm {
  @OrLeftOut()
  @IsString()
  @Length(1, 100)
  name?: string;

  @IsString()
  @MaxLength(40)
  signature!: string;

  @IsString()
  @MaxLength(2000)
  body!: string;

  /** Left out = as it was. */
  @ExpectedReplies()
  expectedReplies?: string[];
}

export class ApproveTemplateForm {
  /** The version that was read; left out = the newest. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  version?: number;
}

export class RefuseTemplateForm extends ApproveTemplateForm {
  /** What its author reads. */
  @IsString()
  @Length(1, 500)
  reason!: string;
}

export class PreviewForm {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  phones!: string[];

  /** Code of the segment whose columns the wording uses. */
  @IsOptional()
  @IsString()
  segment?: string;
}

/** All that is decided of a blast but its code. */
export class BlastWishForm {
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string;

  /** Code of the template. */
  @IsString()
  template!: string;

  /** Code of the segment; with a filter too, those of the segment whom the filter matches. */
  @IsOptional()
  @IsString()
  segment?: string;

  @IsOptional()
  @IsObject()
  filter?: Record<string, unknown>;

  /** Code of the gateway; the oldest active one when left out. */
  @IsOptional()
  @IsString()
  gateway?: string;

  /** Where it goes instead while that one is down, in this order. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => [value].flat().filter((code) => code !== ''))
  @IsString({ each: true })
  fallbackGateways?: string[];

  @IsOptional()
  @IsInstant()
  notBefore?: string;

  /** Past it nothing is sent any more: who is left is `expired`. */
  @IsOptional()
  @IsInstant()
  notAfter?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  ratePerSecond?: number;

  /** Of a hundred so many are left alone, to see what the message brings. */
  @IsOptional()
  @Type(() => Number)
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  @Max(90)
  holdoutPercent?: number;
}

export class BlastForm extends BlastWishForm {
  @Matches(CODE)
  @MaxLength(60)
  code!: string;
}

/** People may leave the code to the house. */
export class BlastPageForm extends BlastWishForm {
  @IsOptional()
  @Matches(CODE)
  @MaxLength(60)
  code?: string;

  /** The code that stood in the box when the form was opened: who leaves it there has not chosen it. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  proposed?: string;
}

export class StartForm {
  /** Customers whose text cannot be made get none, and the others theirs; without it nothing starts. */
  @IsOptional()
  @IsBoolean()
  leaveOut?: boolean;
}

export class TaskSmsForm {
  /** Code of the template. */
  @IsString()
  template!: string;
}

export class TaskSmsPageForm extends TaskSmsForm {
  /** When the page was shown: pressing twice sends once. */
  @AsInstant()
  shownAt!: Date;
}

/** A box without a zone means Shanghai; `2026-11-24T10:00` → 02:00Z. */
export function instantOf(text: string | undefined): Date | null {
  if (!text) return null;
  return text.length === 10 ? dayStart(text) : instantIn(text);
}
