import { IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { BLAST_STATES, type BlastState, COUNT_KEYS, RECIPIENT_MOVES } from './blast.states.js';
import { ROW_FIGURES } from '../figures/recipient-filter.js';

/** Who made a blast: a person, a care rule's plan run, or the SMS step of a campaign. */
export const BLAST_ORIGINS = ['person', 'care', 'campaign'] as const;
export type BlastOrigin = (typeof BLAST_ORIGINS)[number];

/** The seven figures, and each state by its own name. */
const RECIPIENT_STATES = [...new Set<string>([...COUNT_KEYS, ...Object.keys(RECIPIENT_MOVES)])];

export class SmsPageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;

  @IsOptional()
  @IsString()
  cursor?: string;
}

export class BlastListQuery extends SmsPageQuery {
  @IsOptional()
  @IsIn(BLAST_STATES)
  state?: BlastState;

  @IsOptional()
  @IsIn(BLAST_ORIGINS)
  origin?: BlastOrigin;

  /** Part of its name or code, or of its template's name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
}

/** Which people of a blast: the list and its file take the same. */
export class RecipientFilterForm {
  /** One of the seven figures, or a state by its own name. */
  @IsOptional()
  @IsIn(RECIPIENT_STATES)
  state?: string;

  /** Why somebody got nothing. */
  @IsOptional()
  @IsString()
  reason?: string;

  /** What the network answered; `-`: nothing. */
  @IsOptional()
  @IsString()
  code?: string;

  @IsOptional()
  @IsIn(ROW_FIGURES)
  figure?: string;
}

export class MessagesQuery extends IntersectionType(SmsPageQuery, RecipientFilterForm) {}
