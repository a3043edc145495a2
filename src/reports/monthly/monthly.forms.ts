import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { addMonths, type Day, lastDayOfMonth } from '../../kernel/day.js';
import { InvalidInput } from '../../kernel/errors.js';
import type { FunnelFilter } from '../funnel.types.js';

export class MonthlyForm {
  /** 'YYYY-MM'; default: the last whole month. */
  @IsOptional() @Matches(/^(\d{4}-(0[1-9]|1[0-2]))?$/, { message: 'month_malformed' }) month?: string;

  /** Code of a campaign; without it: all of them. */
  @IsOptional() @IsString() @MaxLength(64) campaign?: string;
}

export type MonthFilter = FunnelFilter & { from: Day; to: Day };

/** All figures of a month beside those of the month before. @throws InvalidInput month_to_come */
export function monthFilter({ month, campaign }: MonthlyForm, today: Day): MonthFilter {
  const from = month ? `${month}-01` : addMonths(`${today.slice(0, 7)}-01`, -1);
  if (from > today) throw new InvalidInput([{ param: 'month', code: 'month_to_come' }]);
  return { from, to: lastDayOfMonth(from), campaign: campaign || undefined, compare: true, columns: 'all', distinct: true };
}
