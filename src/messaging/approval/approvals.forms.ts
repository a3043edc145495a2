import { IsOptional, IsString, Length, MaxLength } from 'class-validator';

export class AskApprovalForm {
  /** Why it should go out. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note: string = '';
}

export class RefuseApprovalForm {
  @IsString()
  @Length(1, 500)
  reason!: string;
}
