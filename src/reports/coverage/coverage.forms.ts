import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { VISIT_COUNT_KEYS, type VisitCountKey } from '../catalogue.js';
import { PeriodForm, RowsPage } from '../funnel.forms.js';
import { VISIT_CUTS, type VisitCut } from './coverage.types.js';

/** Which visits: those whose deadline lies in the period. */
export class CoverageForm extends PeriodForm {
  @ApiPropertyOptional({ enum: VISIT_CUTS, description: 'with `rows`: the same figures for each star, rule, team or manager' })
  @IsOptional()
  @IsIn(VISIT_CUTS)
  by?: VisitCut;
}

/** The page: also the figure whose rows are shown, of all or of one row of the cut. */
export class CoverageReportForm extends CoverageForm {
  @IsOptional()
  @IsIn(VISIT_COUNT_KEYS)
  metric?: VisitCountKey;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  key?: string;

  @RowsPage() page?: number;
}
