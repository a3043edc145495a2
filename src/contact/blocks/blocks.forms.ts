import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsISO8601, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import type { BlockChannel } from '../contact.types.js';

const BLOCK_CHANNELS = ['call', 'sms', 'all'] as const;
const BLOCK_SCOPES = ['all', 'marketing'] as const;

export class BlockForm {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsIn(BLOCK_CHANNELS)
  channel!: BlockChannel;

  @IsString()
  @Length(1, 200)
  reason!: string;

  /** The last instant, or a last day (the whole of it). Without it the block lasts. */
  @IsOptional()
  @IsISO8601({ strict: true })
  until?: string | null;

  /** all: do not contact, service included · marketing: an opt-out. */
  @IsOptional()
  @IsIn(BLOCK_SCOPES)
  scope?: 'all' | 'marketing';

  @IsOptional()
  @IsString()
  @MaxLength(100)
  source?: string;
}

export class LiftForm {
  @IsString()
  @Length(1, 200)
  reason!: string;

  /** The customer consented anew: the only way an opt-out ends. */
  @IsOptional()
  @Type(() => Boolean)
  @IsBoolean()
  consentedAnew?: boolean;
}
