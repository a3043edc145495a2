import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';

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

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

/** POST /orders/:id/close */
export class CloseOrderForm {
  @IsIn(['succeeded', 'failed']) state!: 'succeeded' | 'failed';

  /** Why it is closed by hand. */
  @IsString() @Matches(/\S/) @Length(1, 500) reason!: string;
}
