import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import { type BlockChannel, type Channel, CHANNELS, PROTECTION_KINDS, type ProtectionKind, type Purpose, PURPOSES } from './contact.types.js';

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

export class RuleSettingsForm {
  /** The one that GET gave. */
  @IsString()
  @MaxLength(20)
  version!: string;

  /** By path, such as `caps.callsPerDay: 1` or `callWindow: [['09:00', '12:00']]`. */
  @IsObject()
  settings!: Record<string, unknown>;
}

export class ReservationForm {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsIn(CHANNELS)
  channel!: Channel;

  @IsIn(PURPOSES)
  purpose!: Purpose;

  /** The other system's name for what it does; kept in the ledger. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  campaign?: string | null;

  /** The caller's own name for this contact: asked twice it is one reservation. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  reference?: string | null;
}

export class ProtectionReleaseForm {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsIn(PROTECTION_KINDS)
  kind!: ProtectionKind;

  /** The caller's own number of the complaint, fault or journey. */
  @IsString()
  @Length(1, 100)
  ref!: string;
}

export class ProtectionForm extends ProtectionReleaseForm {
  @IsOptional()
  @IsISO8601({ strict: true })
  since?: string | null;

  /** The last instant, or a last day (the whole of it). Without it the state lasts until it is said to be over. */
  @IsOptional()
  @IsISO8601({ strict: true })
  until?: string | null;
}

export class TouchForm {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsIn(CHANNELS)
  channel!: Channel;

  @IsIn(PURPOSES)
  purpose!: Purpose;

  @IsISO8601({ strict: true })
  at!: string;

  @IsString()
  @Length(1, 100)
  source!: string;

  /** The reservation it was asked for under. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  reservation?: string | null;

  /** The caller's own name for this contact: told twice it is one. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  reference?: string | null;
}

export class DecisionsQuery {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;

  @IsOptional()
  @IsString()
  cursor?: string;
}

/** The page's form: everything but the number has a default. */
export class DecisionPageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;

  /** 'YYYY-MM-DDTHH:MM' in Shanghai, as the browser's field gives it. */
  @IsOptional()
  @IsISO8601()
  at?: string;
}

export class LedgerQuery {
  @IsString()
  @MaxLength(40)
  phone!: string;

  @IsOptional()
  @IsString()
  cursor?: string;
}
