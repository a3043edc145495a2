import { IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { IsInstant } from '../../platform/http/is-instant.js';
import { type Channel, CHANNELS, PROTECTION_KINDS, type ProtectionKind, type Purpose, PURPOSES } from '../contact.types.js';

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

  /** What is offered: who refused or took it, or opted out of it, rests from it (GOV-7, R22). */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  productFamily?: string | null;

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
  @IsInstant()
  since?: string | null;

  /** The last instant, or a last day (the whole of it). Without it the state lasts until it is said to be over. */
  @IsOptional()
  @IsInstant()
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

  @IsInstant()
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
