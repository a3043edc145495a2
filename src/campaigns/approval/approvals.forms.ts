import { Transform, Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsOptional, IsString, MaxLength, Min, MinLength } from 'class-validator';
import { CAMPAIGN_KINDS, type CampaignKind } from '../campaigns.types.js';

const asList = ({ value }: { value: unknown }): unknown => (value === undefined || Array.isArray(value) ? value : [value]);

export class ApprovalRuleForm {
  @IsOptional() @Transform(asList) @IsArray() @IsIn(CAMPAIGN_KINDS, { each: true }) kinds: CampaignKind[] = [];

  @IsOptional() @Type(() => Number) @IsInt() @Min(0) above?: number | null;
}

export class ApprovalRefusalForm {
  @IsString() @MinLength(2) @MaxLength(500) reason!: string;
}
