import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Roles } from '../../platform/http/access.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ruleName } from './contacts.views.js';
import { MISS_SPANS, type MissesForm } from './forecast.forms.js';
import { MissesQueries, USUAL_SPAN } from './misses.queries.js';
import { missLine, reasonName } from './misses.views.js';

const SHOWN = 200;

/** Whom the house will miss, before it happens: by name, why, and what would help (CAR-1, CAR-2, CAR-12). */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('care/missed')
export class MissesPagesController {
  constructor(
    private readonly misses: MissesQueries,
    private readonly staff: StaffQueries,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const form = asForm(query);
    const [rows, found, reasons, rules, managers, computedAt] = await Promise.all([
      this.misses.list(user, form, SHOWN),
      this.misses.count(user, form),
      this.misses.by(user, 'reason', form),
      this.misses.by(user, 'rule', form),
      this.staff.activeManagers(user),
      this.misses.computedAt(user),
    ]);
    const { within, ...narrowed } = form;
    await reply.view('care/missed', {
      ask: { ...form, within: within ?? USUAL_SPAN },
      filtered: Object.keys(narrowed).length > 0,
      computedAt,
      spans: MISS_SPANS,
      stars: ['7', '6', '5', '4', '3', '2', '1', '0'],
      reasons: reasons.map((one) => ({ ...one, name: reasonName(one.code) })),
      rules: rules.map((one) => ({ ...one, name: ruleName(one.code) })),
      managers: managers.map(({ username, name }) => ({ username, name })),
      found,
      more: found > SHOWN,
      rows: rows.map(missLine),
      exportHref: exportHref('care-misses', { ...narrowed, ...(within ? { within: String(within) } : {}) }),
    });
  }
}

/** What the address says, as far as it can be understood. */
function asForm(query: Record<string, string>): MissesForm {
  const within = MISS_SPANS.find((span) => String(span) === query.within);
  const text = (name: string): string | undefined => (typeof query[name] === 'string' && query[name] !== '' ? query[name].slice(0, 64) : undefined);
  const [rule, reason, owner, star] = ['rule', 'reason', 'owner', 'star'].map(text);
  return {
    ...(within ? { within } : {}),
    ...(rule ? { rule } : {}),
    ...(reason ? { reason } : {}),
    ...(owner ? { owner } : {}),
    ...(star && /^[0-7]$/.test(star) ? { star } : {}),
  };
}
