import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { OrLeftOut } from '../platform/http/or-left-out.js';
import { type CustomerClass, CLASSES, type FormCalendar, type Gender, GENDERS, REVEAL_REASONS, type Tier, TIERS } from './customers.types.js';

/** Boxes of a form say "true"; a box that was cleared says nothing is known. */
const ToFlag = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value === 'unknown' ? null : value));
/** A form sends text, a program a number; nothing else is one. */
const ToStar = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d$/.test(value) ? Number(value) : value));
const OrNull = () => ValidateIf((_form, value) => value !== null && value !== undefined);

export const calendarOf = (choice: FormCalendar): { birthdayCalendar: 'solar' | 'lunar'; birthdayLeap: boolean } => ({
  birthdayCalendar: choice === 'solar' ? 'solar' : 'lunar',
  birthdayLeap: choice === 'lunar_leap',
});

export class CustomerSearchForm {
  @IsOptional() @IsString() @MaxLength(40) phone?: string;
  @IsOptional() @IsString() @MaxLength(60) name?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(7) starLevel?: number;
  @IsOptional() @IsString() @MaxLength(60) manager?: string;
  @IsOptional() @IsString() @MaxLength(60) city?: string;
  @IsOptional() @IsString() @MaxLength(60) district?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}

/** What may be changed by hand. Fields left out stay; null clears what may be unknown. */
export class CustomerPatch {
  @OrNull() @IsString() @Length(1, 100) name?: string | null;
  @OrNull() @IsIn(GENDERS) gender?: Gender | null;
  @OrLeftOut() @ToStar() @IsInt() @Min(0) @Max(7) starLevel?: number;
  @OrNull() @IsIn(TIERS) tier?: Tier | null;
  @OrLeftOut() @IsIn(CLASSES) class?: CustomerClass;
  @OrNull() @IsString() @MaxLength(60) province?: string | null;
  @OrNull() @IsString() @MaxLength(60) city?: string | null;
  @OrNull() @IsString() @MaxLength(60) district?: string | null;
  /** 2001-02-03, or 11-26 when the year is unknown. */
  @OrNull() @IsString() @Matches(/^(\d{4}-)?\d{1,2}-\d{1,2}$/, { message: 'birthday_format' }) birthday?: string | null;
  @IsOptional() @IsIn(['solar', 'lunar']) birthdayCalendar?: 'solar' | 'lunar';
  @IsOptional() @ToFlag() @IsBoolean() birthdayLeap?: boolean;
  @ToFlag() @OrNull() @IsBoolean() smsConsent?: boolean | null;
  @ToFlag() @OrNull() @IsBoolean() callConsent?: boolean | null;
  /** Username. */
  @OrNull() @IsString() @MaxLength(60) manager?: string | null;
  /** Profile fields by name; null or blank forgets one. */
  @IsOptional() @IsObject() profile?: Record<string, string | null>;
  /** Id of the line that facts of a line are about; without it the one the customer is reached on. */
  @IsOptional() @Matches(/^\d{1,18}$/) line?: string;
  /** The hotline's blacklist: no manual service for calls that come in from `line`. Do-not-call is another thing (`POST /contact/blocks`). */
  @OrLeftOut() @ToFlag() @IsBoolean() hotlineBlacklist?: boolean;
  /** Why. */
  @IsOptional() @IsString() @MaxLength(500) note?: string;
  /** An apology was made for the wrong birthday that stood there (CUS-3). */
  @IsOptional() @ToFlag() @IsBoolean() apologised?: boolean;
}

/** Why somebody looks at what is masked; it stands in the audit log (SYS-2). */
export class RevealForm {
  @IsIn(REVEAL_REASONS) reason!: (typeof REVEAL_REASONS)[number];
  /** The line; otherwise the one they are reached on. */
  @IsOptional() @Matches(/^\d{1,18}$/) line?: string;
}
