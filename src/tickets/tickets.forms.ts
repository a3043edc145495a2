import { OmitType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import {
  TICKET_DEEDS,
  TICKET_KINDS,
  TICKET_MARKS,
  TICKET_SCOPES,
  TICKET_STATES,
  TICKET_VIEWS,
  type TicketDeed,
  type TicketFilter,
  type TicketKind,
  type TicketMark,
  type TicketScope,
  type TicketState,
  type TicketTier,
  type TicketView,
} from './tickets.types.js';

/** A plain form sends what was not chosen as an empty value. */
const BlankIsUnset = (): PropertyDecorator => Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));

/** POST /tickets: a ticket of a customer, told by one of their numbers or by id. */
export class TicketForm {
  @IsIn(TICKET_KINDS) kind!: TicketKind;

  /** inside the province (default) or across. */
  @BlankIsUnset() @IsOptional() @IsIn(TICKET_SCOPES) scope?: TicketScope;

  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)) @IsString() @Length(1, 2000) text!: string;

  /** Any spelling: the line it is about. */
  @BlankIsUnset() @IsOptional() @IsString() @MaxLength(32) phone?: string;

  @BlankIsUnset() @IsOptional() @IsString() @MaxLength(18) customer?: string;

  /** Escalates at once. */
  @Transform(({ value }: { value: unknown }) => value === true || value === 'true' || value === 'on') @IsOptional() @IsBoolean() major?: boolean;
}

/** At the desk: the customer is the one who is called. */
export class CallTicketForm extends OmitType(TicketForm, ['phone', 'customer', 'scope'] as const) {}

/** POST /tickets/:no/steps */
export class TicketStep {
  @IsIn(TICKET_DEEDS) deed!: TicketDeed;

  /** Username; assign needs it. */
  @BlankIsUnset() @IsOptional() @IsString() @MaxLength(64) to?: string;

  /** Code; transfer needs it. */
  @BlankIsUnset() @IsOptional() @IsString() @MaxLength(64) unit?: string;

  /** Number of another ticket of the same customer; merge needs it. */
  @BlankIsUnset() @IsOptional() @IsString() @MaxLength(32) into?: string;

  @BlankIsUnset() @IsOptional() @IsString() @MaxLength(2000) note?: string;
}

/** GET /tickets, and its page. */
export class TicketListForm implements TicketFilter {
  /** mine: what I have, and what nobody, or nobody who still works here, has of a customer of my list · unit: what lies at my unit and below · all: whatever I may see. */
  @IsOptional() @IsIn(TICKET_VIEWS) view?: TicketView;

  @IsOptional() @IsIn(TICKET_KINDS) kind?: TicketKind;

  @IsOptional() @IsIn(TICKET_SCOPES) scope?: TicketScope;

  /** Without it all that are not closed. */
  @IsOptional() @IsIn(TICKET_STATES) state?: TicketState;

  @IsOptional() @IsIn(TICKET_MARKS) mark?: TicketMark;

  @IsOptional() @IsString() @MaxLength(18) customer?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(400) cursor?: string;

  /** The line somebody stood on, for the page. */
  @IsOptional() @IsString() @MaxLength(32) at?: string;
}

/** PUT /tickets/limits: one limit; `version` is the one looked at. */
export class LimitForm {
  @Type(() => Number) @IsInt() version!: number;

  @IsIn(TICKET_KINDS) kind!: TicketKind;

  @IsIn(['high', 'other']) tier!: TicketTier;

  @IsIn(TICKET_SCOPES) scope!: TicketScope;

  @IsIn(['clock', 'working']) hours!: 'clock' | 'working';

  @Type(() => Number) @IsInt() @Min(1) @Max(100_000) answerMinutes!: number;

  @Type(() => Number) @IsInt() @Min(1) @Max(100_000) solveMinutes!: number;
}
