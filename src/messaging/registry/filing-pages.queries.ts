import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { isOwn } from '../home-unit.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { daysLeft, type Filing, type FilingState, filingState, WARN_DAYS } from './filing.policy.js';
import { FilingsQueries } from './filings.queries.js';

const CHIPS: Readonly<Record<FilingState, { kind: string; icon: string }>> = {
  valid: { kind: 'ok', icon: 'check' },
  ends_soon: { kind: 'warn', icon: 'clock' },
  not_yet: { kind: 'info', icon: 'calendar' },
  expired: { kind: 'bad', icon: 'x' },
};

const shown = <T extends Filing>(filing: T, today: Day) => {
  const state = filingState(filing, today);
  return { ...filing, state, chip: CHIPS[state], left: state === 'ends_soon' ? daysLeft(filing, today) : null };
};

/** What the page and the API of the registry show. */
@Injectable()
export class FilingPages {
  constructor(
    private readonly filings: FilingsQueries,
    private readonly gateways: GatewaysQueries,
    private readonly templates: TemplatesQueries,
    private readonly clock: Clock,
  ) {}

  async rows(user: CurrentUser) {
    const today = dayOf(this.clock.now());
    const [signatures, templates] = await Promise.all([this.filings.signatures(), this.filings.templates(user)]);
    return {
      signatures: signatures.map((row) => shown(row, today)),
      templates: templates.map((row) => ({ ...shown(row, today), otherVersion: row.inUse !== row.version, mine: isOwn(user, row) })),
    };
  }

  async page(user: CurrentUser): Promise<object> {
    const [rows, gateways, templates] = await Promise.all([this.rows(user), this.gateways.list(), this.templates.list(user)]);
    const all = [...rows.signatures, ...rows.templates];
    // a gateway is told by its code and its kind
    const withWay = <T extends { gateway: string | null }>(row: T) => ({ ...row, way: gateways.find(({ code }) => code === row.gateway) });
    return {
      signatures: rows.signatures.map(withWay),
      templates: rows.templates.map(withWay),
      gateways,
      fileable: templates.filter((template) => template.inUse !== null && isOwn(user, template)),
      expired: all.filter(({ state }) => state === 'expired').length,
      soon: all.filter(({ state }) => state === 'ends_soon').length,
      warnDays: WARN_DAYS,
      maySign: user.role === 'admin',
      mayFile: ['planner', 'admin'].includes(user.role),
    };
  }
}
