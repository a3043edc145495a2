import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { addDays, type Day } from '../../kernel/day.js';
import { checkDays, PeriodForm, RowsPage } from '../funnel.forms.js';
import { PROVIDER_CUTS, PROVIDER_FIGURES, type ProviderCut, type ProviderFigure, type ProviderFilter } from './providers.types.js';

const DAYS_SHOWN = 30;

/** Which numbers go back. */
export class ProviderReturnsForm extends PeriodForm {
  /** Code of a campaign. */
  @IsOptional() @IsString() @MaxLength(64) campaign?: string;

  /** Code of a segment. */
  @IsOptional() @IsString() @MaxLength(64) segment?: string;

  /** Number of an import. */
  @IsOptional() @Matches(/^(\d{1,18})?$/) import?: string;
}

export class ProvidersForm extends ProviderReturnsForm {
  @IsOptional() @IsIn(PROVIDER_CUTS) by?: ProviderCut;
}

/** Of the scorecard's page: the figure whose rows are shown below it. */
export class ProvidersPageForm extends ProvidersForm {
  @IsOptional() @IsIn(PROVIDER_FIGURES) metric?: ProviderFigure;

  /** The row it stands in, by its key; `-`: calls without a list. Left out: the total. */
  @IsOptional() @IsString() @MaxLength(64) list?: string;

  @RowsPage() page?: number;
}

export class DialCostForm {
  /** Yuan, as typed. */
  @IsString() @MaxLength(20) yuan!: string;
}

/** Without days: the 30 up to today. @throws InvalidInput as {@link checkDays} */
export function providerFilter(form: ProviderReturnsForm, today: Day): ProviderFilter {
  checkDays(form);
  const to = form.to || today;
  return {
    campaign: form.campaign || undefined,
    segment: form.segment || undefined,
    import: form.import || undefined,
    from: form.from || addDays(to, 1 - DAYS_SHOWN),
    to,
  };
}
