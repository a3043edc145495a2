import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
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
import { OCCASIONS, type Occasion, PARTNER_KINDS, PARTNER_STATES, type PartnerKind, type PartnerState } from './partner-offers.types.js';

/** The marks of a signature and of variables: the networks and the message maker have them for themselves. */
const PLAIN = /^[^【】[\]{}]*$/u;

export class PartnerOfferForm {
  @IsString() @Length(1, 40) partner!: string;

  @IsIn(PARTNER_KINDS) kind!: PartnerKind;

  @IsString() @Length(1, 60) benefit!: string;

  /** How the customer gets it. */
  @IsString() @Length(1, 120) redeem!: string;

  /** What a message says of it, whole; without one it is told on calls only. */
  @IsOptional() @IsString() @MaxLength(60) @Matches(PLAIN, { message: 'partner_sentence_brackets' }) sentence?: string | null;

  /** Star levels that are entitled. */
  @IsArray()
  @ArrayNotEmpty({ message: 'partner_no_stars' })
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(7, { each: true })
  stars!: number[];

  /** A province, city or district as the customers have it; without one it holds everywhere in the unit. */
  @IsOptional() @IsString() @MaxLength(40) region?: string | null;

  /** The days it holds on: any (default), member-day, birthday, holiday. */
  @IsOptional() @IsIn(OCCASIONS) occasion?: Occasion;

  @IsDay() validFrom!: string;

  @IsDay() validUntil!: string;
}

/** All of it anew; `version` is the one that was read. */
export class PartnerOfferChangeForm extends PartnerOfferForm {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) version?: number;
}

export class PartnerOfferListForm {
  @IsOptional() @IsIn(PARTNER_KINDS) kind?: PartnerKind;
  @IsOptional() @IsIn(PARTNER_STATES) state?: PartnerState;
  /** Part of the partner's name or of the benefit. */
  @IsOptional() @IsString() @MaxLength(60) q?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}

export class PartnerUseForm {
  /** Id of the offer. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value))
  @Matches(/^\d{1,18}$/, { message: 'partner_offer_unknown' })
  offer!: string;

  /** Today without it. */
  @IsOptional() @IsDay() usedOn?: string;

  @IsOptional() @IsString() @MaxLength(200) note?: string;
}
