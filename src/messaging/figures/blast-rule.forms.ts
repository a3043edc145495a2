import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { type BilledOn, type BlastRule, DEFAULT_BLAST_RULE } from './blast-rule.types.js';

/** An empty box is no limit. */
const orNothing = ({ value }: { value: unknown }): unknown => (value === '' || value === null || value === undefined ? null : Number(value));

export class BlastRuleForm implements BlastRule {
  @Type(() => Number) @IsInt() @Min(1) @Max(90) orderDays!: number;
  @Type(() => Number) @IsInt() @Min(1) @Max(90) optOutDays!: number;
  @Type(() => Number) @IsInt() @Min(1) @Max(90) complaintDays!: number;
  @Transform(orNothing) @IsOptional() @IsInt() @Min(0) @Max(10_000) optOutsMost: number | null = null;
  @Transform(orNothing) @IsOptional() @IsInt() @Min(0) @Max(10_000) complaintsMost: number | null = null;
  @Type(() => Number) @IsInt() @Min(1) @Max(1_000_000) guardFrom!: number;
  @Transform(orNothing) @IsOptional() @IsInt() @Min(0) approveAbove: number | null = null;
  @Transform(({ value }) => value === true || value === 'true' || value === '1' || value === 'on') @IsBoolean() clientApproves = false;
  @Transform(orNothing) @IsOptional() @IsInt() @Min(0) clientAbove: number | null = null;
  @OrLeftOut() @Type(() => Number) @IsInt() @Min(2) @Max(1440) stallMinutes: number = DEFAULT_BLAST_RULE.stallMinutes;
}

/** The price of a part, in yuan: 0.035. Left empty: not known. */
export class PartPriceForm {
  @Transform(orNothing) @IsOptional() @IsNumber({ maxDecimalPlaces: 3 }) @Min(0) @Max(100) partPrice: number | null = null;
  @IsIn(['submit', 'delivery']) billedOn!: BilledOn;
}
