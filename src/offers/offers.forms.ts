import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { OFFER_KINDS, type OfferKind } from './offers.types.js';

const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

export class OfferListForm {
  @IsOptional() @IsIn(OFFER_KINDS) kind?: OfferKind;

  /** true: sold today · false: not any more · left out: both. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (FLAGS[value] ?? value) : value))
  @IsBoolean()
  valid?: boolean;

  /** Part of the code or the name. */
  @IsOptional() @IsString() @MaxLength(100) q?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}
