import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isDay } from '../../kernel/day.js';
import { InvalidInput } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { type AuditFilter, AuditQueries } from './audit.queries.js';
import { AuditWords } from './audit-words.queries.js';
import { CurrentUser } from '../staff.types.js';

type Typed = Record<string, string | undefined>;

const addressOf = (filter: Typed): string =>
  new URLSearchParams(Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]))).toString();

const FILTERS = ['actor', 'action', 'object', 'from', 'to'] as const;

/** The audit log with its filters in the address: administrators read all of it, supervisors what their people did (SYS-2). */
@Roles('supervisor')
@Controller('admin/audit')
export class AuditPagesController {
  constructor(
    private readonly audit: AuditQueries,
    private readonly forms: Forms,
    private readonly catalogue: Catalogue,
  ) {}

  @Get()
  async entries(@Query() query: Typed, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const typed: AuditFilter & Typed = Object.fromEntries(FILTERS.map((name) => [name, query[name]?.trim() || undefined]));
    const words = new AuditWords(this.catalogue, reply.request.locale);
    const filter = { ...typed, action: words.deedCode(typed.action), object: words.thingCode(typed.object) };
    const context = {
      filter: typed,
      words,
      deeds: words.choices(filter.action),
      chosenDeed: filter.action,
      filtered: FILTERS.some((name) => typed[name]),
      scoped: user.role !== 'admin',
      exportHref: `/exports/files/audit?${addressOf(filter)}`,
    };
    const wrong = (['from', 'to'] as const).filter((name) => filter[name] !== undefined && !isDay(filter[name]));
    if (wrong.length > 0) {
      const error = new InvalidInput(wrong.map((param) => ({ param, code: 'audit_day_invalid' })));
      return this.forms.again(reply, { view: 'staff/audit', context: () => context }, error);
    }
    const { items, nextCursor } = await this.audit.entries(user, { ...filter, cursor: query.cursor });
    const entries = items.map((entry) => ({
      ...entry,
      deed: words.deed(entry.action),
      thing: words.thing(entry.objectType),
      lines: words.lines(entry),
    }));
    await reply.view('staff/audit', { ...context, entries, next: nextCursor });
  }
}
