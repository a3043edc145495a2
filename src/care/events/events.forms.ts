import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsDay } from '../../platform/http/is-day.js';
import {
  type Answer,
  ANSWERS,
  EVENT_KINDS,
  EVENT_STATES,
  type EventKind,
  type EventResult,
  type EventState,
  INVITE_CHANNELS,
  type InviteChannel,
  RESULTS,
  type Show,
  SHOWS,
} from './events.types.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const ID = /^\d{1,18}$/;
const asText = ({ value }: { value: unknown }): unknown => (typeof value === 'number' ? String(value) : value);
const asList = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? [value] : value);

export class EventForm {
  @IsIn(EVENT_KINDS) kind!: EventKind;

  @IsString() @Length(1, 60) title!: string;

  @IsString() @Length(1, 80) place!: string;

  @IsDay() day!: string;

  /** Shanghai, HH:MM. */
  @Matches(TIME, { message: 'time_malformed' }) from!: string;

  @Matches(TIME, { message: 'time_malformed' }) to!: string;

  /** How many may come; without it as many as like. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100_000) capacity?: number;

  /** Username; oneself without it. */
  @IsOptional() @IsString() @MaxLength(64) host?: string;

  /** How people are asked; call without it. */
  @IsOptional() @IsIn(INVITE_CHANNELS) inviteBy?: InviteChannel;

  /** Whose visit it is: the id of a customer. */
  @IsOptional() @Transform(asText) @Matches(ID, { message: 'event_customer_unknown' }) customer?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) version?: number;
}

export class EventListForm {
  @IsOptional() @IsIn(EVENT_KINDS) kind?: EventKind;
  @IsOptional() @IsIn(EVENT_STATES) state?: EventState;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}

/** A segment, or numbers, or both. */
export class InviteesForm {
  @IsOptional() @IsString() @MaxLength(100) segment?: string;

  /** Numbers in any spelling. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(/[\s,，、;；]+/).filter(Boolean) : value))
  @IsArray()
  @ArrayMaxSize(500)
  @IsString({ each: true })
  phones?: string[];
}

export class SendInvitationsForm {
  /** Code of an approved template, where people are asked by message. */
  @IsOptional() @IsString() @MaxLength(64) template?: string;
}

export class AnswerForm {
  @Transform(asText) @Matches(ID, { message: 'event_customer_unknown' }) customer!: string;

  @IsIn(ANSWERS) answer!: Answer;

  @IsOptional() @IsString() @MaxLength(200) note?: string;
}

export class AttendanceForm {
  @Transform(asList)
  @IsArray()
  @ArrayNotEmpty({ message: 'event_nobody_chosen' })
  @ArrayMaxSize(1000)
  @Matches(ID, { each: true, message: 'event_customer_unknown' })
  customers!: string[];

  /** false: they did not come. */
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean() attended!: boolean;
}

export class ResultForm {
  @Transform(asText) @Matches(ID, { message: 'event_customer_unknown' }) customer!: string;

  @IsIn(RESULTS) result!: EventResult;

  @IsOptional() @IsString() @MaxLength(200) note?: string;
}

export class CancelEventForm {
  @IsString() @Length(1, 200) reason!: string;
}

export class InvitationListForm {
  /** Which of the figures: listed without it. */
  @IsOptional() @IsIn(SHOWS) show?: Show;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}

export class InvitationExportForm {
  @Matches(ID) event!: string;
  @IsOptional() @IsIn(SHOWS) show?: Show;
}
