import { Injectable } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { cellsOf } from '../../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { reasonsText } from './models.views.js';
import { ScoresQueries } from './scores.queries.js';

export class ScoresForm {
  @IsString() @Length(1, 64) model!: string;
  @IsString() @Length(1, 64) segment!: string;
}

/** Decimals the feed `churn-scores` keeps. */
const DECIMALS = 6;

/** The members of a segment scored by a model, in the columns of the feed `churn-scores` (RET-2): what was uploaded goes back with a score. */
@Injectable()
@DeclaresExport()
export class ModelScoresExport implements ExportSource<ScoresForm> {
  readonly code = 'model-scores';
  readonly roles = ['planner'] as const;
  readonly form = ScoresForm;
  readonly formats = ['csv', 'xlsx'] as const;
  readonly handBack = true;

  constructor(private readonly scores: ScoresQueries) {}

  async open(user: CurrentUser, form: ScoresForm, words: Words): Promise<ExportContent> {
    const { count, rows } = await this.scores.of(user, form);
    const columns = ['phone', 'score', 'reasons'].map((header) => ({ header, width: header === 'reasons' ? 80 : 18 }));
    const cells = cellsOf(rows, ({ number, score, reasons }) => [number, score.toFixed(DECIMALS), reasonsText(reasons, words)]);
    return { rows: count, sheet: { name: this.code, columns, rows: cells } };
  }
}
