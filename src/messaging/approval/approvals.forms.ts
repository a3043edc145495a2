import { IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';

export class AskApprovalForm {
  /** Why it should go out. */
  @OrLeftOut()
  @IsString()
  @MaxLength(500)
  note: string = '';
}

export class ApproveForm {
  /** Id of the request that was read; left out = the last one. */
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  request?: string;
}

export class RefuseApprovalForm {
  @IsString()
  @Length(1, 500)
  reason!: string;
}
