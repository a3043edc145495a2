import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import { AsInstant } from '../../platform/http/is-instant.js';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { EVENT_TYPES, type EventType } from './leg.policy.js';

/** POST /cti/events: one thing that happened to a call. */
export class SwitchEventForm {
  /** The event's own name: told twice it counts once. */
  @IsString() @Length(1, 100) id!: string;

  /** The call's name in the switch, the same in all its events. */
  @IsString() @Length(1, 100) call!: string;

  @IsIn(EVENT_TYPES) type!: EventType;

  /** When it happened, by the switch's clock. */
  @AsInstant() at!: Date;

  /** Whom the call goes to. */
  @IsString() @Length(1, 32) number!: string;

  @IsOptional() @IsString() @MaxLength(64) agentNo?: string;

  /** The number shown to the customer. */
  @IsOptional() @IsString() @MaxLength(32) callerNumber?: string;

  /** Release cause of the end: number of ITU-T Q.850, or the switch's word. */
  @IsOptional() @IsString() @MaxLength(64) cause?: string;

  @IsOptional() @IsString() @MaxLength(200) recordingRef?: string;
}

/** POST /cti/keys */
export class CtiKeyForm {
  @IsString() @Length(1, 64) name!: string;

  /** Code; without it the top unit. */
  @IsOptional() @IsString() @MaxLength(64) orgUnit?: string;
}

/** POST /cti/keys/:id/rotate */
export class RotateForm {
  /** So long, in hours, the old key holds beside the new one: 0 to 720. */
  @OrLeftOut() @Type(() => Number) @IsInt() @Min(0) @Max(720) overlapHours: number = 24;
}
