import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.js';
import { readForm, readStrict } from '../platform/http/forms.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { XLSX_ROWS } from './export-limits.policy.js';
import { ExportRegistry } from './export-registry.js';
import { ExportWriter } from './export-writer.js';
import { FORMATS, type Opened, type Wish } from './exports.types.js';

/** Finds what is wished for, within the person's rights and scope. */
@Injectable()
export class ExportOpening {
  constructor(
    private readonly registry: ExportRegistry,
    private readonly writer: ExportWriter,
  ) {}

  /** @throws DomainError not_found, role_refused, export_format, export_too_long; InvalidInput of the filter; what the source refuses */
  async open(user: CurrentUser, wish: Wish): Promise<Opened> {
    const source = this.registry.forUser(user, wish.what);
    const formats = source.formats ?? FORMATS;
    const format = formats.find((one) => one === (wish.format ?? formats[0]));
    if (!format) throw new DomainError('export_format', { param: 'format', params: { formats: formats.join('、') } });
    const filter = wish.strict ? await readStrict(source.form, wish.filter) : await readForm(source.form, wish.filter);
    const content = await source.open(user, filter, this.writer.words(wish.locale));
    if (format === 'xlsx' && content.rows > XLSX_ROWS) throw new DomainError('export_too_long', { param: 'format', params: { rows: content.rows } });
    return { source, format, filter, content };
  }
}
