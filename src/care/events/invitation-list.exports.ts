import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { formatPhone } from '../../kernel/phone.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { InvitationExportForm } from './events.forms.js';
import { EventsQueries } from './events.queries.js';
import type { InvitationRow } from './events.types.js';

const COLUMNS = [
  'customer',
  'number',
  'star',
  'manager',
  'excluded',
  'invited_at',
  'answer',
  'answer_by',
  'answer_at',
  'attended',
  'result',
  'note',
] as const;

/** The invitation list of an event, as its page shows it (CAR-10). */
@Injectable()
@DeclaresExport()
export class InvitationListExport implements ExportSource<InvitationExportForm> {
  readonly code = 'event-invitations';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = InvitationExportForm;

  constructor(private readonly events: EventsQueries) {}

  async open(user: CurrentUser, { event: id, show = 'listed' }: InvitationExportForm, { t }: Words): Promise<ExportContent> {
    const event = await this.events.byId(user, id);
    const { count, rows } = await this.events.allInvitations(user, id, show);
    const cells = (row: InvitationRow): Cell[] => [
      row.name,
      formatPhone(row.number),
      String(row.starLevel),
      row.manager,
      row.excluded && t(`contact.reason.${row.excluded}`),
      stampText(row.invitedAt),
      row.answer && t(`care.event.answer.${row.answer}`),
      row.answerBy,
      stampText(row.answerAt),
      row.attended === null ? null : t(row.attended ? 'care.event.came' : 'care.event.stayed_away'),
      row.result && t(`care.event.result.${row.result}`),
      row.note,
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`care.event.${name}`), width: 18 }));
    return { rows: count, sheet: { name: t('care.event.list'), columns, rows: cellsOf(rows, cells) }, fileName: event.title };
  }
}
