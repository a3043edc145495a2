import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { dayStart, isDay } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { DISPATCH_CHOICES, type DispatchChoice, type DispatchFilter } from './dispatch.types.js';

/** GET /dispatches, and its page. */
export class DispatchListForm implements DispatchFilter {
  /** `returned` = ended in any way, `undone` = handed back undone. */
  @IsOptional() @IsIn(DISPATCH_CHOICES) state?: DispatchChoice;

  /** The source system; `-` = those that name none. */
  @IsOptional() @IsString() @MaxLength(64) source?: string;

  /** The sender's business type; `-` = those that name none. */
  @IsOptional() @IsString() @MaxLength(64) bizType?: string;

  /** Code. */
  @IsOptional() @IsString() @MaxLength(64) campaign?: string;

  @IsOptional() @IsString() @MaxLength(64) dispatchNo?: string;

  /** `soon`: open, and the last day is near · `overdue`: not done by the last day. */
  @IsOptional() @IsIn(['soon', 'overdue']) due?: 'soon' | 'overdue';

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}

/** Which returns go into a file. */
export class ReturnsForm {
  /** The source system; `-` = those that name none. */
  @IsOptional() @IsString() @MaxLength(64) source?: string;

  /** What ended at or after this: a Shanghai day, or an instant with its zone. */
  @IsOptional() @IsString() @MaxLength(40) since?: string;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** @throws DomainError `since_format` at `since` */
export function sinceOf({ since }: ReturnsForm): Date | null {
  if (since === undefined) return null;
  if (isDay(since)) return dayStart(since);
  const at = INSTANT.test(since) ? new Date(since) : null;
  if (!at || Number.isNaN(at.getTime())) throw new DomainError('since_format', { param: 'since' });
  return at;
}
