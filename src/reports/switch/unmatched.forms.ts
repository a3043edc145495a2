import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { addDays, type Day } from '../../kernel/day.js';
import { checkDays, PeriodForm } from '../funnel.forms.js';
import { RECORD_CUTS, RECORD_REASONS, type RecordCut, type RecordFilter, type RecordReason } from './unmatched.types.js';

const DAYS_SHOWN = 30;

/** GET /call-records/unmatched, as page, API and file. */
export class UnmatchedForm extends PeriodForm {
  /** `contradicts`: records that belong to an attempt and say the opposite. Without it all that belong to none. */
  @IsOptional() @IsIn(RECORD_REASONS) reason?: RecordReason;

  /** Number of the agent, or the user name where the switch writes that. */
  @IsOptional() @IsString() @MaxLength(64) agentNo?: string;

  /** Number of an import. */
  @IsOptional() @Matches(/^\d{1,18}$/) import?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

export class UnmatchedPageForm extends UnmatchedForm {
  @IsOptional() @IsIn(RECORD_CUTS) by?: RecordCut;
}

/** @throws InvalidInput as {@link checkDays} */
export function recordFilter(form: UnmatchedForm): RecordFilter {
  checkDays(form);
  return { reason: form.reason, agentNo: form.agentNo, from: form.from || undefined, to: form.to || undefined, import: form.import };
}

/** The page looks at 30 days up to today, unless it is told which, or which import. */
export function shownFilter(form: UnmatchedForm, today: Day): RecordFilter {
  const filter = recordFilter(form);
  if (filter.import) return filter;
  const to = filter.to ?? today;
  return { ...filter, from: filter.from ?? addDays(to, 1 - DAYS_SHOWN), to };
}
