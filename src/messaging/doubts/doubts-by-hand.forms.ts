import { Transform } from 'class-transformer';
import { IsIn, IsString, Length } from 'class-validator';

/** What somebody found in the gateway's own records. */
export const FOUND = ['taken', 'never_came'] as const;
export type Found = (typeof FOUND)[number];

export class SettleDoubtsForm {
  @IsString()
  @Length(1, 80)
  gateway!: string;

  @IsIn(FOUND)
  found!: Found;

  /** Where it was looked up, and with whom: kept in the audit. */
  @Transform(({ value }) => (typeof value === 'string' ? value.trim() : (value as unknown)))
  @IsString()
  @Length(1, 500)
  reason!: string;
}
