import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { AsInstant } from '../../platform/http/is-instant.js';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { IDENTITY_CHECKS, type IdentityCheck } from '../orders/evidence.policy.js';
import { MOST_PROMISES, PromiseForm } from '../promises/promises.forms.js';
import { withReasons } from '../desk/topics.policy.js';

/** Longer than any call: a whole day, in seconds. */
const MOST_TALK = 86_400;
/** How a contact that stands on no list was made. */
export const CONTACT_CHANNELS = ['call', 'wecom', 'qq', 'weibo', 'visit', 'inbound'] as const;

/** What was sold. */
export class OrderForm {
  @IsOptional() @IsString() @MaxLength(200) product?: string;

  @IsOptional() @IsString() @Length(1, 64) orderNo?: string;

  /** Tariff, start date and contract were read out, and the customer said yes (CAM-9): all three at once. */
  @IsOptional() @IsBoolean() termsRead?: boolean;

  @IsOptional() @IsBoolean() tariffRead?: boolean;

  @IsOptional() @IsBoolean() startRead?: boolean;

  @IsOptional() @IsBoolean() contractRead?: boolean;

  /** How the caller made sure to speak with the holder: the holder's answers, last digits of the ID card, a code by SMS. */
  @IsOptional() @IsIn(IDENTITY_CHECKS) identity?: IdentityCheck;

  /** It costs something, so that the customer confirms it by reply. Of a product in the catalogue the catalogue knows. */
  @IsOptional() @IsBoolean() paid?: boolean;
}

/** POST /tasks/:id/attempts, and what the desk hands in. */
export class AttemptForm {
  @IsString() @Length(1, 64) outcome!: string;

  /** Second-level reason. */
  @IsOptional() @IsString() @MaxLength(64) reason?: string;

  /** Without it the call ended just now. */
  @IsOptional() @AsInstant() startedAt?: Date;

  /** Seconds from answer to hang-up. */
  @OrLeftOut() @Type(() => Number) @IsInt() @Min(0) @Max(MOST_TALK) talkSeconds: number = 0;

  @IsOptional() @IsIn(['switch', 'desk', 'self']) talkSource?: 'switch' | 'desk' | 'self';

  /** What was talked about: those reasons count as done. */
  @IsOptional()
  @Transform(({ value }) => withReasons(value))
  @IsArray()
  @ArrayMaxSize(40)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  topics?: string[];

  @IsOptional() @IsString() @MaxLength(2000) note?: string;

  /** The promised minute; outcome `callback` needs it. */
  @IsOptional() @AsInstant() callbackAt?: Date;

  @IsOptional() @ValidateNested() @Type(() => OrderForm) order?: OrderForm;

  /** What was promised besides a call back. */
  @IsOptional() @IsArray() @ArrayMaxSize(MOST_PROMISES) @ValidateNested({ each: true }) @Type(() => PromiseForm) promises?: PromiseForm[];

  /** What the customer told of themselves, by field. */
  @IsOptional() @IsObject() profile?: Record<string, string>;

  /** The customer complained of the basic service, whatever the outcome (CAM-6). */
  @IsOptional() @IsBoolean() poorService?: boolean;

  /** How satisfied the customer said to be: 5 very, 1 not at all (QUA-2). The call-back of a complaint or fault closes its ticket by it alone. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(5) satisfaction?: number;

  @IsOptional() @IsString() @MaxLength(200) recordingRef?: string;

  @IsOptional() @IsString() @MaxLength(32) callerNumber?: string;
}

/** PATCH /attempts/:id. `reason` says why it is corrected; without `outcomeReason` a code of a second-level reason is kept as such too. */
export class CorrectionForm {
  @IsString() @Length(1, 64) outcome!: string;

  @IsString() @Length(1, 500) reason!: string;

  /** Second-level reason of the outcome as it should have been, where it has one. */
  @IsOptional() @IsString() @MaxLength(64) outcomeReason?: string;

  /** The promised minute; outcome `callback` needs it. */
  @IsOptional() @AsInstant() callbackAt?: Date;

  /** What was sold, where it comes to a sale by this. */
  @IsOptional() @ValidateNested() @Type(() => OrderForm) order?: OrderForm;
}

/** POST /customers/:id/contacts: a contact that belongs to no list. */
export class ContactForm {
  @IsIn(CONTACT_CHANNELS) channel!: (typeof CONTACT_CHANNELS)[number];

  @IsString() @Length(1, 64) outcome!: string;

  @IsOptional() @IsString() @MaxLength(64) reason?: string;

  @IsOptional() @IsString() @MaxLength(2000) note?: string;

  @OrLeftOut() @Type(() => Number) @IsInt() @Min(0) @Max(MOST_TALK) talkSeconds: number = 0;

  @IsOptional() @AsInstant() callbackAt?: Date;

  @IsOptional() @ValidateNested() @Type(() => OrderForm) order?: OrderForm;

  /** What was promised besides a call back. */
  @IsOptional() @IsArray() @ArrayMaxSize(MOST_PROMISES) @ValidateNested({ each: true }) @Type(() => PromiseForm) promises?: PromiseForm[];
}

export class ContactPageForm extends ContactForm {
  /** When the page was shown: pressing twice is one contact. */
  @AsInstant() shownAt!: Date;
}

export class ReleaseForm {
  @IsString() @Length(1, 500) reason!: string;
}

export class NextForm {
  /** Code; without it any campaign. */
  @IsOptional() @IsString() @MaxLength(64) campaign?: string | null;
}
