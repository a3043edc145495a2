import { Transform } from 'class-transformer';
import { ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { EVENT_CODES } from './webhook-events.js';

/** A page sends one ticked box as a text, several as a list, none not at all. */
const asList = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? [value] : value);

/** What can be changed of an endpoint: another address is another endpoint with a secret of its own. */
export class WebhookChangeForm {
  /** What it wants to hear of. */
  @Transform(asList)
  @IsArray({ message: 'webhook_events_none' })
  @ArrayMinSize(1, { message: 'webhook_events_none' })
  @ArrayUnique({ message: 'webhook_events_twice' })
  @IsIn([...EVENT_CODES], { each: true, message: 'webhook_event_unknown' })
  events!: string[];

  /** Whether anything is told; left out it stays, and a new one begins at once. */
  @IsOptional() @IsBoolean() active?: boolean;
}

export class WebhookForm extends WebhookChangeForm {
  /** https, or one of the operator's own hosts. */
  @IsString({ message: 'webhook_url_missing' }) @MaxLength(2000) url!: string;
}
