import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { PROMISE_KINDS, type PromiseKind } from './promise.states.js';

/** What is promised further ahead, in days, is a slip of the keyboard. */
export const PROMISE_DAYS = 60;
/** More promises are not made on one call. */
export const MOST_PROMISES = 5;
/** open: all that is still to be kept, broken ones too · overdue: the broken ones among these */
export const PROMISE_SHOWS = ['open', 'overdue', 'kept', 'broken', 'handed_over', 'all'] as const;
export type PromiseShow = (typeof PROMISE_SHOWS)[number];

/** One promise of an attempt. */
export class PromiseForm {
  @IsIn(PROMISE_KINDS) kind!: PromiseKind;

  /** What was promised; needed for `other`. */
  @IsOptional() @IsString() @MaxLength(200) text?: string;

  /** The day by whose end it is to be kept; without it the next working day. */
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'day_format' }) dueOn?: string;
}

/** GET /promises, as page and API. */
export class PromiseListForm {
  /** Without it: open. */
  @IsOptional() @IsIn(PROMISE_SHOWS) state?: PromiseShow;

  /** own: mine alone; without it a manager's own, else those of one's units. */
  @IsOptional() @IsIn(['own']) whose?: 'own';

  @IsOptional() @IsIn(PROMISE_KINDS) kind?: PromiseKind;

  /** Username of the owner. */
  @IsOptional() @IsString() @MaxLength(64) owner?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

/** POST /promises/:id/keep */
export class KeepPromiseForm {
  @IsOptional() @IsString() @MaxLength(500) note?: string;
}

/** POST /promises/:id/hand-over */
export class HandOverPromiseForm {
  /** Username of an active manager or supervisor of one's units. */
  @IsString() @Length(1, 64) to!: string;

  /** Why: who reads the promise must see why it moved. */
  @IsString() @Matches(/\S/) @Length(1, 200) why!: string;
}
