import { IsString, Length } from 'class-validator';

export class EraseForm {
  /** Who asked, and how it was made sure who they are; it stands in the audit log. */
  @IsString() @Length(2, 500) reason!: string;
}
