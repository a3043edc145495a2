import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { IsInstant } from '../../platform/http/is-instant.js';
import { BLOCK_SCOPES, type BlockChannel, type BlockScope } from '../contact.types.js';

const BLOCK_CHANNELS = ['call', 'sms', 'all'] as const;

/** For a line that is named by its id: its number need not be seen (R23). */
export class LineBlockForm {
  @IsIn(BLOCK_CHANNELS)
  channel!: BlockChannel;

  @IsString()
  @Length(1, 200)
  reason!: string;

  /** The last instant, or a last day (the whole of it). Without it the block lasts. */
  @IsOptional()
  @IsInstant()
  until?: string | null;

  /** all: do not contact, service included. Opt-outs: of marketing, of a product line, of one campaign. Without it what the two fields below say, else all. */
  @IsOptional()
  @IsIn(BLOCK_SCOPES)
  scope?: BlockScope;

  /** Of scope product. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  productFamily?: string | null;

  /** Of scope campaign: its code. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  campaign?: string | null;
}

export class BlockForm extends LineBlockForm {
  @IsString()
  @MaxLength(40)
  phone!: string;

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
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  consentedAnew?: boolean;
}
