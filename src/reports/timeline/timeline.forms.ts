import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** The channels something can have happened on. */
export const TIMELINE_CHANNELS = ['call', 'sms', 'wecom', 'qq', 'weibo', 'visit', 'inbound', 'ticket', 'event', 'promise'] as const;

export class TimelineForm {
  @IsOptional() @IsIn(TIMELINE_CHANNELS) channel?: (typeof TIMELINE_CHANNELS)[number];

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(400) cursor?: string;
}
