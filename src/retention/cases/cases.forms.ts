import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsDay } from '../../platform/http/is-day.js';
import { AsInstant } from '../../platform/http/is-instant.js';
import { CASE_DEEDS, CASE_STATES, type CaseDeed, type CaseState, MEASURE_KINDS, type MeasureKind } from './case.types.js';

/** Groups of the list, the first what there is to do. */
export const CASE_VIEWS = ['live', 'today', 'late', 'idle', 'waiting', 'closed', 'held', 'all'] as const;
export type CaseView = (typeof CASE_VIEWS)[number];

/** Which cases: by how they stand, by what was noted, by when they were opened. */
export class CaseFilter {
  @IsOptional() @IsIn(CASE_VIEWS) view?: CaseView;
  @IsOptional() @IsIn(CASE_STATES) state?: CaseState;
  @IsOptional() @IsString() @MaxLength(60) source?: string;
  /** A code, or `none`. */
  @IsOptional() @IsString() @MaxLength(60) reason?: string;
  @IsOptional() @IsString() @MaxLength(60) direction?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(7) star?: number;
  @IsOptional() @IsString() @MaxLength(100) city?: string;
  @IsOptional() @IsString() @MaxLength(60) strategy?: string;
  /** Something that was offered or done: code of an offer, or a kind of measure; `took`: and the customer took it. */
  @IsOptional() @IsString() @MaxLength(60) measure?: string;
  @IsOptional() @IsString() @MaxLength(60) took?: string;
  /** Username. */
  @IsOptional() @IsString() @MaxLength(60) owner?: string;
  @IsOptional() @Matches(/^\d{1,18}$/) customer?: string;
  /** Opened on that day or later, and not after. */
  @IsOptional() @IsDay() from?: string;
  @IsOptional() @IsDay() to?: string;
  @IsOptional() @Matches(/^\d{4}-\d{2}$/) month?: string;
  /** Only cases that a figure of the analysis counts, with the days its follow-up is of. */
  @IsOptional() @IsString() @MaxLength(40) metric?: string;
  @IsOptional() @Type(() => Number) @IsIn([30, 60, 90]) days?: 30 | 60 | 90;
}

export class CaseListForm extends CaseFilter {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}

/** A sign that somebody noticed: a case is opened for it unless the customer has one. */
export class NewCaseForm {
  /** Any spelling; `customer` is the same by id. */
  @IsOptional() @IsString() @MaxLength(40) phone?: string;
  @IsOptional() @Matches(/^\d{1,18}$/) customer?: string;
  @IsString() @Length(1, 60) source!: string;
  @IsOptional() @IsString() @MaxLength(500) note?: string;
}

/** Something done to a case. */
export class CaseStep {
  @IsIn(CASE_DEEDS) deed!: CaseDeed;
  /** Why they leave and where they go, as asked on a call; empty leaves what is known. */
  @IsOptional() @IsString() @MaxLength(60) reason?: string;
  @IsOptional() @IsString() @MaxLength(60) direction?: string;
  /** Of `call`: the day, or the minute that was promised. */
  @IsOptional() @IsDay() on?: string;
  @IsOptional() @AsInstant() at?: Date;
  /** Of `call`: to whom the case goes, for supervisors; username. */
  @IsOptional() @IsString() @MaxLength(60) to?: string;
  @IsOptional() @IsString() @MaxLength(1000) note?: string;
}

/** The customer took an application to port out back. */
export class TakenBackForm {
  @IsOptional() @IsString() @MaxLength(500) note?: string;
}

export class MeasureForm {
  @IsIn(MEASURE_KINDS) kind!: MeasureKind;
  /** Code, of kind offer. */
  @IsOptional() @IsString() @MaxLength(60) offer?: string;
  /** In fen; that of an offer without it. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(100_000_000) costFen?: number;
  @IsOptional() @IsString() @MaxLength(500) note?: string;
}

export class MeasureDecision {
  @IsIn(['approve', 'refuse', 'accept', 'decline']) decision!: 'approve' | 'refuse' | 'accept' | 'decline';
  @IsOptional() @IsString() @MaxLength(500) note?: string;
}
