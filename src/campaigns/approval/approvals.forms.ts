import { Transform, Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { CAMPAIGN_KINDS, type CampaignKind } from '../campaigns.types.js';

const asList = ({ value }: { value: unknown }): unknown => (value === undefined || Array.isArray(value) ? value : [value]);

export class ApprovalRuleForm {
  @OrLeftOut() @Transform(asList) @IsArray() @IsIn(CAMPAIGN_KINDS, { each: true }) kinds: CampaignKind[] = [];

  @IsOptional() @Type(() => Number) @IsInt() @Min(0) above?: number | null;
}

export class ApprovalForm {
  /** Id of the request that was read; left out = the last one. */
  @IsOptional() @Matches(/^\d{1,18}$/) request?: string;
}

export class ApprovalRefusalForm {
  @IsString() @MinLength(2) @MaxLength(500) reason!: string;
}
