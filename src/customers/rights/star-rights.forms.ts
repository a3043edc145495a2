import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min, ValidateIf, ValidateNested } from 'class-validator';
import type { StarRight } from './star-rights.types.js';

/** More rights than any star has. */
export const MOST_RIGHTS = 30;

class StarRightForm implements StarRight {
  /** Stays what it is when the words change. */
  @IsString() @Length(1, 60) code!: string;
  @IsString() @Length(1, 60) labelZh!: string;
  @IsString() @Length(1, 60) labelEn!: string;
  /** Times a year; null: whenever it is needed. */
  @ValidateIf((_form, value) => value !== null) @IsInt() @Min(1) @Max(366) perYear!: number | null;
}

/** All rights of a star, in the order in which they are told. */
export class StarRightsForm {
  @IsArray()
  @ArrayMaxSize(MOST_RIGHTS)
  @ValidateNested({ each: true })
  @Type(() => StarRightForm)
  items!: StarRightForm[];

  /** The one they were read with; others since then refuse. */
  @IsOptional() @IsString() @MaxLength(40) version?: string;
}

/** Boxes a page shows for rights that are still to be written. */
export const EMPTY_ROWS = 2;

type Typed = Readonly<Record<string, string | undefined>>;

/** The boxes of one line, as they were typed. */
export interface TypedRight {
  code: string;
  labelZh: string;
  labelEn: string;
  perYear: string;
}

const box = (body: Typed, name: string): string => (body[name] ?? '').trim();

/** The lines of the page, in their order; a line without any word takes the right away, or was left empty. */
export function typedRights(body: Typed): TypedRight[] {
  const lines = Array.from({ length: MOST_RIGHTS + EMPTY_ROWS }, (_, n) => ({
    code: box(body, `code.${n}`),
    labelZh: box(body, `labelZh.${n}`),
    labelEn: box(body, `labelEn.${n}`),
    perYear: box(body, `perYear.${n}`),
  }));
  return lines.filter(({ labelZh, labelEn, perYear }) => labelZh + labelEn + perYear !== '');
}

/** What the boxes say, as the API takes it. A new right is known by its Chinese name. */
export const rightsFromForm = (body: Typed): { items: object[]; version: string | undefined } => ({
  version: body.version,
  items: typedRights(body).map(({ code, labelZh, labelEn, perYear }) => ({
    code: code || labelZh,
    labelZh,
    labelEn,
    perYear: perYear === '' ? null : Number(perYear),
  })),
});
