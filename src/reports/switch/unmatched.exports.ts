import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { formatPhone } from '../../kernel/phone.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { recordFilter, UnmatchedForm } from './unmatched.forms.js';
import { UnmatchedQueries } from './unmatched.queries.js';
import type { SwitchRecord } from './unmatched.types.js';
import { recordLine } from './unmatched.views.js';

const COLUMNS = [
  'row.at',
  'row.number',
  'switch.agent',
  'row.manager',
  'switch.reason',
  'switch.said',
  'switch.cause',
  'switch.was',
  'row.talk',
  'switch.recording',
];

/** The records behind one figure of the report, with their full numbers: whoever may see it looks for them in other systems (REP-4). */
@Injectable()
@DeclaresExport()
export class UnmatchedExport implements ExportSource<UnmatchedForm> {
  readonly code = 'unmatched-records';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = UnmatchedForm;

  constructor(private readonly records: UnmatchedQueries) {}

  async open(user: CurrentUser, form: UnmatchedForm, { t, locale }: Words): Promise<ExportContent> {
    const filter = recordFilter(form);
    const labels = await this.records.labels(locale);
    const cells = (record: SwitchRecord): Cell[] => {
      const { said, recorded } = recordLine(record, labels);
      const { startedAt, phone, agentNo, managerName, reason, cause, talkSeconds, recordingRef } = record;
      return [
        stampText(startedAt),
        formatPhone(phone),
        agentNo,
        managerName,
        t(`reports.switch.${reason}`),
        said,
        cause,
        recorded,
        talkSeconds,
        recordingRef,
      ];
    };
    const columns = COLUMNS.map((name) => ({ header: t(`reports.${name}`), width: 18 }));
    const rows = cellsOf(this.records.stream(user, filter), cells);
    return { rows: await this.records.count(user, filter), sheet: { name: t(`reports.switch.${filter.reason ?? 'unmatched'}`), columns, rows } };
  }
}
