import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
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
  ValidateNested,
} from 'class-validator';
import { OrLeftOut } from '../platform/http/or-left-out.js';
import { isDay } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import {
  ASSIGNMENTS,
  type Assignment,
  CAMPAIGN_KINDS,
  CAMPAIGN_STATES,
  type CampaignKind,
  type CampaignState,
  LIMIT_HOURS,
  type LimitHours,
} from './campaigns.types.js';

/** A number as it is dialled or written down: digits, with blanks and dashes between, perhaps a plus before. */
export const CALLER_NUMBER = /^\+?\d[\d -]{1,38}$/;
/** A family is compared letter by letter with that of what was refused or bought: one word, nothing that two people would write differently. */
export const PRODUCT_FAMILY = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** Codes stand in addresses and files. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class AttemptPolicyForm {
  @IsOptional() @IsInt() @Min(1) @Max(20) maxAttempts = 3;

  @IsOptional() @IsInt() @Min(0) @Max(20_160) minGapMinutes = 120;

  /** Hours in which a task is dialled before it goes to somebody else, or to the pool; left out: 48, or those in which it is to be done where these are fewer. */
  @IsOptional() @IsInt() @Min(1) @Max(720) firstDialHours?: number;

  /** Hours in which it is done; left out: by the last day of the campaign. */
  @IsOptional() @IsInt() @Min(1) @Max(2160) completionHours?: number | null;

  @OrLeftOut() @IsIn(LIMIT_HOURS) limitHours: LimitHours = 'clock';
}

/** Limits of the connect rate, fractions of 1. */
export class BandForm {
  @IsOptional() @IsNumber() @Min(0) @Max(1) lower?: number | null;

  @IsOptional() @IsNumber() @Min(0) @Max(1) upper?: number | null;

  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) minAttempts = 200;
}

/** Whom an audience leaves out. */
export class ExcludeForm {
  @OrLeftOut() @IsArray() @ArrayMaxSize(20) @IsString({ each: true }) segments: string[] = [];

  @IsOptional() @IsObject() filter?: Record<string, unknown> | null;
}

/** POST /campaigns. */
export class CampaignForm {
  @Matches(CODE, { message: 'campaign_code_format' }) code!: string;

  @IsString() @Length(1, 80) name!: string;

  @IsIn(CAMPAIGN_KINDS) kind!: CampaignKind;

  @IsOptional() @IsString() @MaxLength(500) goal?: string;

  @Matches(DAY, { message: 'day_format' }) startsOn!: string;

  @IsOptional() @Matches(DAY, { message: 'day_format' }) endsOn?: string | null;

  @IsOptional() @IsString() @MaxLength(64) segment?: string | null;

  @IsOptional() @IsObject() filter?: Record<string, unknown> | null;

  @IsOptional() @ValidateNested() @Type(() => ExcludeForm) exclude?: ExcludeForm | null;

  /** The opening alone as text, or { opening, branches, objections }: see parseScript. */
  @IsOptional() script?: unknown;

  /** Scripts to try besides it: [{ name?, percent, script }], see parseVariants. */
  @IsOptional() variants?: unknown;

  @IsOptional() @ValidateNested() @Type(() => AttemptPolicyForm) attemptPolicy?: AttemptPolicyForm;

  @IsOptional() @IsIn(ASSIGNMENTS) assignment?: Assignment;

  @IsOptional() @ValidateNested() @Type(() => BandForm) band?: BandForm | null;

  @IsOptional() @IsNumber() @Min(0) @Max(90) holdoutPercent?: number;

  @IsOptional() @Matches(CALLER_NUMBER, { message: 'caller_number_format' }) callerNumber?: string;

  @IsOptional() @Matches(PRODUCT_FAMILY, { message: 'product_family_format' }) productFamily?: string;
}

export class ReasonForm {
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
}

export class CampaignListForm {
  @IsOptional() @IsIn([...CAMPAIGN_STATES, 'standing']) state?: CampaignState | 'standing';

  @IsOptional() @IsIn(CAMPAIGN_KINDS) kind?: CampaignKind;

  @IsOptional() @IsString() @MaxLength(64) q?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() cursor?: string;
}

/** @throws DomainError `day_format`, `ends_before_start`, `band_upside_down` */
export function checkDates(startsOn: string, endsOn: string | null | undefined): void {
  if (!isDay(startsOn)) throw new DomainError('day_format', { param: 'startsOn' });
  if (endsOn && !isDay(endsOn)) throw new DomainError('day_format', { param: 'endsOn' });
  if (endsOn && endsOn < startsOn) throw new DomainError('ends_before_start', { param: 'endsOn', params: { startsOn } });
}

const FIRST_DIAL_HOURS = 48;

export const firstDialOf = ({ firstDialHours, completionHours }: Partial<AttemptPolicyForm> = {}): number =>
  firstDialHours ?? Math.min(FIRST_DIAL_HOURS, completionHours ?? FIRST_DIAL_HOURS);

/** Nobody can be done with a task before it was to be begun. @throws DomainError `first_dial_after_completion` */
export function checkLimits(firstDialHours: number, completionHours: number | null | undefined, param: string): void {
  if (typeof completionHours === 'number' && firstDialHours > completionHours)
    throw new DomainError('first_dial_after_completion', { param, params: { hours: completionHours } });
}

export function checkBand(lower: number | null | undefined, upper: number | null | undefined, param: string): void {
  if (typeof lower === 'number' && typeof upper === 'number' && lower > upper) throw new DomainError('band_upside_down', { param });
}
