import { Injectable } from '@nestjs/common';
import { CampaignsCommands } from '../campaigns/campaigns.commands.js';
import type { CampaignKind } from '../campaigns/campaigns.types.js';
import { Clock } from '../kernel/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import type { RuleCode } from './care.types.js';
import { CARE_SCRIPTS } from './care-scripts.data.js';
import { CLOSING_LINES } from './closing/closing-lines.data.js';
import { INVITATIONS } from './events/events.types.js';
import { RULES } from './rules/rule-list.policy.js';
import { defaultsOf } from './rules/settings.policy.js';

const REVISITS: readonly RuleCode[] = ['star-revisit', 'service-follow-up'];
const kindOf = (code: RuleCode): CampaignKind => (REVISITS.includes(code) ? 'revisit' : 'care');

/** What every installation has from the first start on: the rules, switched off, their standing campaigns, the closing lines. */
@Injectable()
export class CareReferenceCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsCommands,
    private readonly catalogue: Catalogue,
  ) {}

  /** Three short reads when all is there. What people changed is left alone. */
  async ensure(): Promise<void> {
    await this.db.tx(async (tx) => {
      await tx.rows(sql`select pg_advisory_xact_lock(hashtext('care.reference'))`);
      await this.ensureRules(tx);
      await this.ensureCampaigns(tx);
      await this.ensureClosingLines(tx);
    });
  }

  private async ensureRules(tx: Tx): Promise<void> {
    const rules = RULES.map((rule) => ({ code: rule.code, sort: rule.sort, settings: defaultsOf(rule.fields) }));
    await tx.run(sql`
      with made as (
        insert into care.rule (code, sort, settings, updated_at)
        select r.code, r.sort, r.settings, ${this.clock.now()}
        from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as r(code text, sort smallint, settings jsonb)
        where not exists (select from care.rule k where k.code = r.code)
        returning code, version, enabled, settings, updated_at)
      insert into care.rule_version (rule_code, version, enabled, settings, at) select code, version, enabled, settings, updated_at from made`);
  }

  private async ensureCampaigns(tx: Tx): Promise<void> {
    const there = await tx.rows<{ code: string }>(sql`select code from campaigns.v_campaign where standing`);
    const known = new Set(there.map(({ code }) => code));
    if (!known.has(INVITATIONS))
      await this.campaigns.ensureStanding(tx, { code: INVITATIONS, name: this.catalogue.t('zh', 'care.event.campaign'), kind: 'care' });
    for (const { code } of RULES) {
      if (known.has(code)) continue;
      const name = this.catalogue.t('zh', `care.rule.${code}`);
      await this.campaigns.ensureStanding(tx, { code, name, kind: kindOf(code), script: CARE_SCRIPTS[code] ?? {} });
    }
  }

  private async ensureClosingLines(tx: Tx): Promise<void> {
    await tx.run(sql`
      insert into care.closing_line (kind, value, text_zh, text_en)
      select l.kind, l.value, l.zh, l.en from jsonb_to_recordset(${JSON.stringify(CLOSING_LINES)}::jsonb) as l(kind text, value text, zh text, en text)
      where not exists (select from care.closing_line k where k.kind = l.kind and k.value = l.value)`);
  }
}
