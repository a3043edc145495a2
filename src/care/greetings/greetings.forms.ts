import { IsOptional, IsString, Length } from 'class-validator';
import { IsDay } from '../../platform/http/is-day.js';

/** A text that is to be sent on a day. */
export class AskGreetingForm {
  @IsDay() day!: string;

  /** Code of a template that is in use. */
  @IsString() @Length(1, 64) template!: string;
}

export class ApproveGreetingForm {
  /** Where the client's written approval is filed; whoever is not the client must say it. */
  @IsOptional() @IsString() @Length(1, 200) reference?: string;
}

export class RefuseGreetingForm {
  @IsString() @Length(1, 200) reason!: string;
}
