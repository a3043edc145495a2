import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';

import { IDENTITY_CHECKS, type IdentityCheck } from './evidence.policy.js';

/** So long, in hours, the customer may take to confirm, unless an administrator decides otherwise. */
export const CONFIRM_HOURS = 48;
export const CONFIRMATIONS = ['waiting', 'confirmed', 'declined', 'expired', 'none', 'review'] as const;
/** What of its evidence an order lacks. */
export const LACKS = ['evidence', 'recording'] as const;

export const ORDER_STATES = ['open', 'succeeded', 'failed', 'expired'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** GET /orders, as page and API. */
export class OrderListForm {
  @IsOptional() @IsIn(ORDER_STATES) state?: OrderState;

  /** Code. */
  @IsOptional() @IsString() @MaxLength(64) campaign?: string;

  /** Username. */
  @IsOptional() @IsString() @MaxLength(64) manager?: string;

  /** Open for at least so many days. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(3650) olderDays?: number;

  /** How the confirming reply stands; none: nothing is to be confirmed · review: a person has to look at what came. */
  @IsOptional() @IsIn(CONFIRMATIONS) confirmation?: (typeof CONFIRMATIONS)[number];

  /** Without a piece of evidence its product demands, or without a recording. */
  @IsOptional() @IsIn(LACKS) lacks?: (typeof LACKS)[number];

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

/** GET, PUT /orders/settings */
export class OrderSettings {
  /** 1 to 720. */
  @Type(() => Number) @IsInt() @Min(1) @Max(720) confirmHours!: number;
}

const ticked = ({ value }: { value: unknown }): unknown => (value === 'true' || value === 'on' ? true : value);

/** POST /orders/:id/evidence: what was missing, by whom the sale was made or who answers for it. */
export class EvidenceForm {
  @IsOptional() @IsString() @MaxLength(200) product?: string;

  @IsOptional() @IsIn(IDENTITY_CHECKS) identity?: IdentityCheck;

  @IsOptional() @Transform(ticked) @IsBoolean() tariffRead?: boolean;

  @IsOptional() @Transform(ticked) @IsBoolean() startRead?: boolean;

  @IsOptional() @Transform(ticked) @IsBoolean() contractRead?: boolean;

  @IsOptional() @IsString() @MaxLength(200) recordingRef?: string;
}

/** POST /orders/:id/confirm: the customer said so otherwise than by reply, or a reply was read by a person. */
export class ConfirmOrderForm {
  @IsIn(['confirmed', 'declined']) confirmation!: 'confirmed' | 'declined';

  /** Where that can be looked up: a signed form, the reply, a recording. */
  @IsString() @Matches(/\S/) @Length(1, 500) reason!: string;
}

/** POST /orders/:id/close */
export class CloseOrderForm {
  @IsIn(['succeeded', 'failed']) state!: 'succeeded' | 'failed';

  /** Why it is closed by hand. */
  @IsString() @Matches(/\S/) @Length(1, 500) reason!: string;
}
