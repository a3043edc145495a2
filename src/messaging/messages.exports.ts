import { Injectable } from '@nestjs/common';
import { Matches } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { formatPhone } from '../kernel/phone.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import { stampText } from '../platform/views/formats.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { RecipientFilterForm } from './blasts/blast-list.forms.js';
import { messageListRow } from './blasts/blast-pages.views.js';
import { BlastsQueries } from './blasts/blasts.queries.js';
import { RecipientsQueries } from './figures/recipients.queries.js';
import type { BlastMessageRow } from './messaging.types.js';

export class MessagesExportForm extends RecipientFilterForm {
  @Matches(/^[\w.-]{1,80}$/)
  blast!: string;
}

const COLUMNS = [
  'blast.column.customer',
  'blast.column.number',
  'blasts.column.state',
  'blast.column.reason',
  'blast.column.failure_kind',
  'blast.column.failure_said',
  'blast.parts',
  'blast.column.time',
  'blast.column.text',
] as const;

/** The messages of a blast, as its page lists them (REP-4). */
@Injectable()
@DeclaresExport()
export class MessagesExport implements ExportSource<MessagesExportForm> {
  readonly code = 'blast-messages';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = MessagesExportForm;

  constructor(
    private readonly blasts: BlastsQueries,
    private readonly recipients: RecipientsQueries,
  ) {}

  async open(user: CurrentUser, filter: MessagesExportForm, { t }: Words): Promise<ExportContent> {
    const blast = await this.blasts.byCode(user, filter.blast);
    const { count, rows } = await this.recipients.all(user, blast, filter);
    const cells = (row: BlastMessageRow): Cell[] => {
      const { reasonKey, code, at, failure } = messageListRow(row, blast);
      const reason = [reasonKey ? t(`sms.reason.${reasonKey}`) : null, code].filter((each) => each !== null).join(' ') || null;
      return [
        row.name,
        formatPhone(row.phone),
        t(`sms.recipient.${row.state}`),
        reason,
        failure && t(`sms.failure_kind.${failure.kind}`),
        failure?.said ? t(`sms.failure.${failure.said}`) : null,
        row.parts,
        stampText(at),
        row.archived ? t('sms.archived', { file: row.archived }) : row.text,
      ];
    };
    const columns = COLUMNS.map((name) => ({ header: t(`sms.${name}`), width: 18 }));
    return { rows: count, sheet: { name: t('sms.blast.messages_title'), columns, rows: cellsOf(rows, cells) }, fileName: blast.name };
  }
}
