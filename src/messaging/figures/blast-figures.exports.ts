import { Injectable } from '@nestjs/common';
import { Matches } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import type { Cell } from '../../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { toldOf } from '../retry/failure-kinds.policy.js';
import { BlastFiguresQueries } from './blast-figures.queries.js';
import { figureLines, toldValue } from './blast-figures.views.js';

export class BlastFiguresForm {
  @Matches(/^[\w.-]{1,80}$/)
  blast!: string;
}

/** In our words where there are some, with the network's code where there is one. */
function failureText(code: string | null, t: Words['t']): string {
  const told = toldOf(code);
  return [told.key && t(`sms.reason.${told.key}`), told.code].filter(Boolean).join(' ') || '—';
}

/** The figures of a blast as its page shows them, why nobody was sent to, what failed, and what each figure means (REP-4). */
@Injectable()
@DeclaresExport()
export class BlastFiguresExport implements ExportSource<BlastFiguresForm> {
  readonly code = 'blast-figures';
  readonly roles = ['planner', 'supervisor', 'client'] as const;
  readonly form = BlastFiguresForm;

  constructor(
    private readonly blasts: BlastsQueries,
    private readonly figures: BlastFiguresQueries,
  ) {}

  async open(user: CurrentUser, { blast: code }: BlastFiguresForm, { t }: Words): Promise<ExportContent> {
    const blast = await this.blasts.byCode(user, code);
    const outcome = await this.figures.outcome(blast.id);
    const lines = figureLines(blast, outcome).map((line): Cell[] => [
      t(`sms.figure.${line.key}`),
      toldValue(line),
      t(`sms.figure.unit.${line.unit}`),
      t(`sms.figure.${line.key}.about`),
    ]);
    const refused = Object.entries(blast.refusedBy).map(([reason, count]): Cell[] => [
      t('sms.figure.of', { what: t('sms.count.refused'), which: t(`sms.reason.${reason}`) }),
      count,
      t('sms.figure.unit.people'),
      '',
    ]);
    const failed = outcome.failedBy.map(({ code: network, count }): Cell[] => [
      t('sms.figure.of', { what: t('sms.count.failed'), which: failureText(network, t) }),
      count,
      t('sms.figure.unit.people'),
      '',
    ]);
    const rows = [...lines, ...refused, ...failed];
    const columns = [
      { header: t('sms.figure.column.figure'), width: 24 },
      { header: t('sms.figure.column.value'), width: 14 },
      { header: t('sms.figure.column.unit'), width: 10 },
      { header: t('sms.figure.column.about'), width: 60 },
    ];
    return { rows: rows.length, sheet: { name: t('sms.figure.title'), columns, rows }, fileName: blast.name };
  }
}
