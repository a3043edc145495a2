import { IsIn, IsString, MaxLength, ValidateIf } from 'class-validator';

/** Why somebody looks at an ID-card number. */
export const ID_CARD_REASONS = ['real_name_check', 'business', 'asked_by_customer', 'check'] as const;
export type IdCardReason = (typeof ID_CARD_REASONS)[number];

export class IdCardForm {
  /** Eighteen signs in any spelling; null takes the number away. */
  @ValidateIf((_form, value) => value !== null) @IsString() @MaxLength(40) number!: string | null;
}

export class IdCardRevealForm {
  @IsIn(ID_CARD_REASONS) reason!: IdCardReason;
}
