import { Transform, Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsNumber, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { ASSIGNMENTS, type Assignment, CAMPAIGN_KINDS, type CampaignKind, LIMIT_HOURS, type LimitHours } from '../campaigns.types.js';
import { CALLER_NUMBER, PRODUCT_FAMILY } from '../campaigns.forms.js';
import { WAVE_RESULTS } from '../waves/wave.types.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A box that may be ticked several times comes as one value or as a list. */
const asList = ({ value }: { value: unknown }): unknown => (value === undefined ? undefined : Array.isArray(value) ? value : [value]);
const asNumbers = ({ value }: { value: unknown }): unknown =>
  value === undefined ? undefined : (Array.isArray(value) ? value : [value]).map(Number);

/** What every step carries: the version of the draft it was opened with. */
export class StepForm {
  @IsOptional() @Type(() => Number) @IsInt() version?: number;
}

export class DetailsForm extends StepForm {
  @IsOptional() @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { message: 'campaign_code_format' }) code?: string;

  /** The code that stood in the box when the form was opened: who leaves it there has not chosen it. */
  @IsOptional() @IsString() @MaxLength(64) proposed?: string;

  @IsString() @Length(1, 80) name!: string;

  @IsIn(CAMPAIGN_KINDS) kind: CampaignKind = 'marketing';

  @IsOptional() @IsString() @MaxLength(500) goal?: string;

  @Matches(DAY, { message: 'day_format' }) startsOn!: string;

  @IsOptional() @Matches(DAY, { message: 'day_format' }) endsOn?: string;

  @IsOptional() @Matches(CALLER_NUMBER, { message: 'caller_number_format' }) callerNumber?: string;

  @IsOptional() @Matches(PRODUCT_FAMILY, { message: 'product_family_format' }) productFamily?: string;
}

/** A script to try besides the campaign's own. */
export class VariantForm extends StepForm {
  @IsOptional() @IsString() @MaxLength(40) name?: string;

  /** Per cent of the customers who hear it. */
  @Type(() => Number) @IsInt() @Min(1) @Max(99) percent!: number;
}

export class AudienceForm extends StepForm {
  /** Its code or its name. */
  @IsOptional() @IsString() @MaxLength(100) segment?: string;

  @IsOptional() @Transform(asNumbers) @IsArray() @IsInt({ each: true }) starLevel?: number[];

  @IsOptional() @Transform(asList) @IsArray() @IsString({ each: true }) city?: string[];

  @IsOptional() @Transform(asList) @IsArray() @IsString({ each: true }) manager?: string[];

  /** Yuan a month. */
  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) minArpu?: number;

  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) @Max(90) holdoutPercent = 0;

  /** Segments whose members are left out. */
  @IsOptional() @Transform(asList) @IsArray() @IsString({ each: true }) exclude?: string[];

  /** One more of them, by its code or its name. */
  @IsOptional() @IsString() @MaxLength(100) excludeMore?: string;

  /** Who meets all of these is left out. */
  @IsOptional() @Transform(asNumbers) @IsArray() @IsInt({ each: true }) xStarLevel?: number[];

  @IsOptional() @Transform(asList) @IsArray() @IsString({ each: true }) xCity?: string[];

  @IsOptional() @Transform(asList) @IsArray() @IsString({ each: true }) xManager?: string[];

  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) xMinArpu?: number;

  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) xMaxArpu?: number;

  /** Takes away conditions a program wrote, which the boxes cannot show. */
  @IsOptional() @IsIn(['yes']) xDrop?: string;

  /** Of a wave: which results of the earlier ones it takes, and how many dials one customer gets in all of them. */
  @IsOptional() @Transform(asList) @IsArray() @IsIn(WAVE_RESULTS, { each: true }) take?: string[];

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(60) mostTogether?: number;
}

export class PolicyForm extends StepForm {
  @Type(() => Number) @IsInt() @Min(1) @Max(20) maxAttempts = 3;

  @Type(() => Number) @IsInt() @Min(0) @Max(20_160) minGapMinutes = 120;

  @Type(() => Number) @IsInt() @Min(1) @Max(720) firstDialHours = 48;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(2160) completionHours?: number;

  @OrLeftOut() @IsIn(LIMIT_HOURS) limitHours: LimitHours = 'clock';

  @IsOptional() @IsIn(ASSIGNMENTS) assignment?: Assignment;

  /** Per cent on the page, fractions in the campaign. */
  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) @Max(100) bandLower?: number;

  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) @Max(100) bandUpper?: number;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1_000_000) bandMinAttempts = 200;

  @IsOptional() @Matches(TIME, { message: 'time_format' }) morningFrom?: string;

  @IsOptional() @Matches(TIME, { message: 'time_format' }) morningTo?: string;

  @IsOptional() @Matches(TIME, { message: 'time_format' }) afternoonFrom?: string;

  @IsOptional() @Matches(TIME, { message: 'time_format' }) afternoonTo?: string;
}

export class LaunchForm {
  /** The number of people the page showed. */
  @Type(() => Number) @IsInt() @Min(0) expected!: number;

  /** The same number, typed. */
  @IsOptional() @IsString() confirm?: string;
}
