import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, IsString, Length, Matches, MaxLength, Min } from 'class-validator';

/** all: the customers with their open tasks, for somebody who leaves · tasks: open tasks alone, for somebody who is away and comes back */
export const MOVES = ['all', 'tasks'] as const;
export type Moves = (typeof MOVES)[number];

const asList = ({ value }: { value: unknown }): unknown => (value === undefined || Array.isArray(value) ? value : [value]);

/** What goes from one manager to others, as it is previewed. */
export class HandoverForm {
  /** Usernames of active managers; several share in turn, best stars first. */
  @Transform(asList) @IsArray() @ArrayMinSize(1) @ArrayMaxSize(50) @IsString({ each: true }) @MaxLength(60, { each: true }) to!: string[];

  @IsIn(MOVES) moves!: Moves;

  /** Who keeps the promised callbacks, a manager or a supervisor; without a name they go with their customers. */
  @IsOptional() @IsString() @MaxLength(60) callbacksTo?: string;

  /** Only tasks due, and callbacks promised, until the end of this day; for an absence. */
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'day_format' }) until?: string;
}

export class HandoverOrder extends HandoverForm {
  /** For the record of each task: who reads its history must see why it moved (R31). */
  @IsString() @Length(1, 200) why!: string;

  /** The number of customers and of tasks the preview showed; others by now refuse. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) customers?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) tasks?: number;
}
