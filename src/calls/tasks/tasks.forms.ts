import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsDay } from '../../platform/http/is-day.js';
import { TASK_STATES, type TaskState } from '../calls.types.js';

/** GET /tasks. */
export class TaskListForm {
  @IsOptional() @IsString() @MaxLength(64) campaign?: string;

  /** Code of a care rule. */
  @IsOptional() @IsString() @MaxLength(64) rule?: string;

  @IsOptional() @IsString() @MaxLength(40) phone?: string;

  /** Username. */
  @IsOptional() @IsString() @MaxLength(64) owner?: string;

  @IsOptional() @IsIn(TASK_STATES) state?: TaskState;

  @IsOptional() @IsDay() dueFrom?: string;

  @IsOptional() @IsDay() dueTo?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() cursor?: string;
}
