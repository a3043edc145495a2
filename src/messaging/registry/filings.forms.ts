import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { IsDay } from '../../platform/http/is-day.js';

class FilingForm {
  /** The number under which the network filed it. */
  @OrLeftOut()
  @IsString()
  @MaxLength(60)
  filingNo: string = '';

  /** 2026-12-01; left out: from the beginning. */
  @IsOptional()
  @IsDay()
  validFrom?: string;

  /** The last day on which it may be used; left out: it does not run out. */
  @IsOptional()
  @IsDay()
  expiresOn?: string;
}

export class SignatureFilingForm extends FilingForm {
  @IsString()
  @Length(1, 14)
  signature!: string;

  /** Code of the gateway; left out: every gateway. */
  @IsOptional()
  @IsString()
  gateway?: string;
}

export class TemplateFilingForm extends FilingForm {
  /** Code of the template; the version in use is the one that was filed. */
  @IsString()
  @Length(1, 60)
  template!: string;

  @IsString()
  @Length(1, 60)
  gateway!: string;
}
