import { Injectable } from '@nestjs/common';
import { scriptFromForm } from '../../campaigns/campaigns.queries.js';
import type { Script } from '../../campaigns/campaigns.types.js';
import { DomainError } from '../../kernel/errors.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { filterGroups } from '../../segments/segments.queries.js';
import { AuditQueries } from '../../staff/audit/audit.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type Say, nameOf } from '../cases/cases.views.js';
import type { Posted } from './setup-item.policy.js';
import { RetentionSettingsQueries } from './settings.queries.js';
import { SetupQueries } from './setup.queries.js';
import { OFFER_KINDS, type SetupKind, type SourceAsKept, type Strategy } from './setup.types.js';
import { becomesOf, historyLine, itemBoxes, scriptRows, settingFields } from './setup.views.js';

const HISTORY_SHOWN = 20;

export const mayChange = ({ role }: CurrentUser): boolean => role === 'planner' || role === 'admin';

/** What the pages of the set-up show. */
@Injectable()
export class SetupPage {
  constructor(
    private readonly setup: SetupQueries,
    private readonly settings: RetentionSettingsQueries,
    private readonly audit: AuditQueries,
    private readonly catalogue: Catalogue,
  ) {}

  async overview(user: CurrentUser, typed?: Posted): Promise<object> {
    const [{ settings, version }, strategies, offers, reasons, directions, sources] = await Promise.all([
      this.settings.row(),
      this.setup.strategies(),
      this.setup.offers(),
      this.setup.answers('reason'),
      this.setup.answers('direction'),
      this.setup.sources(),
    ]);
    const names = new Map([...sources, ...reasons].map((one) => [one.code, nameOf(one, user.locale)]));
    const aim = (codes: readonly string[]): string[] => codes.map((code) => names.get(code) ?? code);
    const aimed = <T extends { sources: readonly string[]; reasons: readonly string[] }>(item: T) => ({
      ...item,
      aims: [...aim(item.sources), ...aim(item.reasons)],
    });
    const answers = [
      { kind: 'reasons', items: reasons },
      { kind: 'directions', items: directions },
    ];
    return {
      mayChange: mayChange(user),
      version,
      fields: settingFields(settings, typed),
      sources: sources.map((one) => ({ ...one, name: nameOf(one, user.locale), becomes: becomesOf(one) })),
      strategies: strategies.map(aimed),
      offers: offers.map((offer) => ({ ...aimed(offer), asks: offer.alwaysAsks || offer.costFen > settings.approvalFen })),
      answers: answers.map(({ kind, items }) => ({ kind, items: items.map((one) => ({ ...one, name: nameOf(one, user.locale) })) })),
      history: await this.history(user),
    };
  }

  /** The page of one thing; without a code of a new one. @param typed a form that came back @throws DomainError not_found */
  async one(user: CurrentUser, kind: SetupKind, code: string | null, typed?: Posted): Promise<object> {
    const item = code === null ? null : await this.setup.item(kind, code);
    const named = (all: readonly { code: string; labelZh: string; labelEn: string }[]) =>
      all.map((one) => ({ code: one.code, name: nameOf(one, user.locale) }));
    const lists = { sources: named(await this.setup.sources()), reasons: named(await this.setup.answers('reason')) };
    return {
      kind,
      code,
      title: item && ('name' in item ? item.name : nameOf(item, user.locale)),
      mayChange: mayChange(user),
      offerKinds: OFFER_KINDS,
      offers: await this.setup.offers(),
      script: kind === 'strategies' ? scriptRows(saidIn(typed) ?? (item as Strategy | null)?.script ?? {}) : null,
      ...itemBoxes(item, lists, typed),
      kept: kind === 'sources' && item && keptView(item as SourceAsKept),
    };
  }

  private async history(user: CurrentUser): Promise<object[]> {
    const say: Say = (key, params) => this.catalogue.t(user.locale, key, params);
    const { items } = await this.audit.entries(user, { action: 'retention-setup' });
    return items.slice(0, HISTORY_SHOWN).map((row) => historyLine(row, say));
  }
}

/** What of a source is not to be changed. */
const keptView = ({ stops, filter }: SourceAsKept): object => ({ stops, groups: filter && filterGroups(filter) });

/** The script of a form that came back; none where it was the script that was refused. */
function saidIn(typed: Posted | undefined): Script | undefined {
  try {
    return typed && scriptFromForm(typed);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return undefined;
  }
}
